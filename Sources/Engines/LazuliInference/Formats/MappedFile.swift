import Glibc

/// A file seen as memory; its pages are read as they are needed.
final class MappedFile {
    let bytes: UnsafeRawBufferPointer

    /// - Throws: `ScoringFault` if the file cannot be read.
    init(_ path: String) throws(ScoringFault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ScoringFault(.failed, "The file \(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { throw ScoringFault(.failed, "The file \(path) is empty.") }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw ScoringFault(.failed, "The file \(path) cannot be mapped: \(String(cString: strerror(errno))).")
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}

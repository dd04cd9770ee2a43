import Glibc

/// A file or a text seen as memory. `padding` zero bytes can be read behind its end, so that eight bytes can be taken
/// at a time everywhere.
///
/// A file's pages are read as they are needed. The memory never changes, hence any thread may read it.
package final class FileBytes: @unchecked Sendable {
    static let padding = 64

    let start: UnsafePointer<UInt8>
    package let count: Int
    private let mapped: (start: UnsafeMutableRawPointer, count: Int)?

    /// - Throws: `TableFault` if the file cannot be read.
    package init(path: String) throws(TableFault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(path) }
        defer { close(descriptor) }
        var state = stat()
        guard fstat(descriptor, &state) == 0 else { throw Self.unreadable(path) }
        guard state.st_mode & S_IFMT == S_IFREG else {
            throw TableFault("\(path) is no file. Name a file that holds a table.", file: path)
        }
        count = Int(state.st_size)
        // The file lies over memory of zeros, which goes on behind the file's last page.
        let size = count + Int(sysconf(Int32(_SC_PAGESIZE))) + Self.padding
        let shared = PROT_READ
        guard let area = mmap(nil, size, shared, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), area != MAP_FAILED else {
            throw Self.unreadable(path)
        }
        if count > 0 {
            guard mmap(area, count, shared, MAP_PRIVATE | MAP_FIXED, descriptor, 0) != MAP_FAILED else {
                defer { munmap(area, size) }
                throw Self.unreadable(path)
            }
            madvise(area, count, MADV_SEQUENTIAL)
        }
        mapped = (area, size)
        start = UnsafePointer(area.assumingMemoryBound(to: UInt8.self))
    }

    package init(_ bytes: some Collection<UInt8>) {
        count = bytes.count
        let area = UnsafeMutablePointer<UInt8>.allocate(capacity: count + Self.padding)
        let buffer = UnsafeMutableBufferPointer(start: area, count: count)
        _ = buffer.initialize(from: bytes)
        (area + count).initialize(repeating: 0, count: Self.padding)
        mapped = nil
        start = UnsafePointer(area)
    }

    deinit {
        if let mapped {
            munmap(mapped.start, mapped.count)
        } else {
            UnsafeMutablePointer(mutating: start).deallocate()
        }
    }

    package var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    func begins(with bytes: [UInt8]) -> Bool { buffer.starts(with: bytes) }

    private static func unreadable(_ path: String) -> TableFault {
        TableFault("\(path) cannot be read: \(String(cString: strerror(errno))).", file: path)
    }
}

import Foundation
import LazuliResources

/// An open file or folder, closed when the last holder lets go of it.
///
/// The descriptor never changes after the start and the calls made on it are the kernel's own, which are safe from
/// several threads.
final class OpenFile: Sendable {
    let descriptor: Int32
    /// Where it was opened, for error messages.
    let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Makes a new file that nobody else has.
    static func create(at path: String) throws -> OpenFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try FileFault.check("make a file", path) { Int(open(path, flags, 0o644)) }
        return OpenFile(descriptor: Int32(descriptor), path: path)
    }

    func status() throws -> FileStatus {
        var raw = stat()
        try FileFault.check("look at a file", path) { Int(fstat(descriptor, &raw)) }
        return FileStatus(raw)
    }

    /// Writes all bytes at the file's position.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = try FileFault.check("write the upload", path) {
                Foundation.write(descriptor, rest.baseAddress, rest.count)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Reads into a buffer until it is full or the file ends.
    /// - Returns: the bytes read.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < buffer.count {
            let count = try FileFault.check("read a blob", path) {
                pread(
                    descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset) + off_t(done)
                )
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Appends a range of another file within the kernel.
    func append(_ range: Range<Int64>, of source: OpenFile) throws {
        var offset = off_t(range.lowerBound)
        while Int64(offset) < range.upperBound {
            let step = min(Int(range.upperBound - Int64(offset)), 1 << 30)
            let copied = try FileFault.check("copy a blob's content", path) {
                sendfile(descriptor, source.descriptor, &offset, step)
            }
            guard copied > 0 else {
                throw BlobFault.conditionNotMet.error("The source changed while it was copied. Send the call again.")
            }
        }
    }

    /// Returns once the content is on the disk.
    func synchronize() throws {
        try FileFault.check("bring a file to the disk", path) { Int(fsync(descriptor)) }
    }
}

/// What the file system says of a file.
struct FileStatus: Sendable {
    enum Kind { case file, folder, other }

    let kind: Kind
    let size: Int64
    let inode: UInt64
    /// Nanoseconds since 1970.
    let modified: Int64

    init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        default: kind = .other
        }
        size = Int64(raw.st_size)
        inode = UInt64(raw.st_ino)
        #if canImport(Darwin)
            let time = raw.st_mtimespec
        #else
            let time = raw.st_mtim
        #endif
        modified = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

import Foundation
import LazuliResources

/// An artifact opened for reading, closed when the last holder lets go of it.
final class ArtifactFile: Sendable {
    private let descriptor: Int32
    let size: Int64
    /// With its quotes; changes with every change of the file.
    let etag: String

    /// - Returns: nil if there is no plain file at the path.
    init?(path: String) {
        descriptor = Foundation.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        size = Int64(status.st_size)
        let time = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        etag = "\"\(String(status.st_ino, radix: 16))-\(String(time, radix: 16))-\(String(size, radix: 16))\""
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes, fewer only at the end of the file.
    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let got = pread(
                    descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw DiskFault.error("read an artifact") }
                if got == 0 { return }
                done += got
            }
        }
    }
}

/// A failed system call as the error that people see.
enum DiskFault {
    static func error(_ action: String, errno code: Int32 = errno) -> ServiceError {
        let reason = String(cString: strerror(code))
        if code == ENOSPC || code == EDQUOT {
            return ServiceError(
                .insufficientStorage,
                "Cannot \(action): the disk of the state folder is full. Free some space and send it again.")
        }
        return ServiceError(
            .internalError, "Cannot \(action) (\(reason)). Check the owner and the disk of the state folder.",
            cause: reason)
    }
}

import Foundation
import Glibc
import LazuliResources

/// A lock between processes, held by a file. The system releases it when its holder ends, however that happens.
struct FolderLock: ~Copyable {
    private let descriptor: Int32

    /// Waits until the lock is free. `onWait` is called once if it is not free at once.
    static func acquire(_ path: String, onWait: () -> Void) async throws -> FolderLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ServiceError(
                .internalError, "The lock file \(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        let lock = FolderLock(descriptor: descriptor)
        var hasWaited = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if !hasWaited { onWait() }
            hasWaited = true
            try await Task.sleep(for: .milliseconds(100))
        }
        return lock
    }

    deinit { close(descriptor) }
}

import Foundation
import LazuliResources
import LazuliTracking
import Synchronization

/// An artifact on its way in: written apart, then put in its place at once. Let go of before that, it leaves nothing.
final class ArtifactUpload: Sendable {
    private let descriptor: Int32
    private let temporary: Mutex<String?>

    /// - Parameter folder: where unfinished files stand, on the same disk as the artifacts.
    init(in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: UUID().uuidString).path
        descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DiskFault.error("begin an upload") }
        temporary = Mutex(path)
    }

    deinit {
        close(descriptor)
        if let path = temporary.withLock({ $0 }) { unlink(path) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let done = write(descriptor, rest.baseAddress, rest.count)
            if done < 0, errno == EINTR { continue }
            guard done > 0 else { throw DiskFault.error("write an artifact") }
            rest = UnsafeRawBufferPointer(rebasing: rest[done...])
        }
    }

    /// Makes the content the file at `target`. Durable when this returns.
    func finish(as target: URL) throws {
        guard fsync(descriptor) == 0 else { throw DiskFault.error("bring an artifact to the disk") }
        let parent = target.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw TrackingFault.invalid(
                "The artifact cannot be stored: a file stands where its path has a folder.", target: "path")
        }
        guard let path = temporary.withLock({ $0 }) else { return }
        guard rename(path, target.path) == 0 else {
            if errno == EISDIR || errno == ENOTEMPTY {
                throw TrackingFault.invalid("The artifact cannot be stored: a folder has its name.", target: "path")
            }
            throw DiskFault.error("put an artifact in its place")
        }
        temporary.withLock { $0 = nil }
        let folder = Foundation.open(parent.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }
}

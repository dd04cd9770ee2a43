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
        descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
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
            let done = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if done < 0, errno == EINTR { continue }
            guard done > 0 else { throw DiskFault.error("write an artifact") }
            rest = UnsafeRawBufferPointer(rebasing: rest[done...])
        }
    }

    /// Writes anywhere in the file; several may do so at a time.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var rest = bytes, place = off_t(offset)
        while !rest.isEmpty {
            let done = pwrite(descriptor, rest.baseAddress, rest.count, place)
            if done < 0, errno == EINTR { continue }
            guard done > 0 else { throw DiskFault.error("write an artifact") }
            rest = UnsafeRawBufferPointer(rebasing: rest[done...])
            place += off_t(done)
        }
    }

    /// Copies the first bytes of this file into another, and cuts that off behind them.
    func copy(_ count: Int64, to other: ArtifactUpload, at offset: Int64) throws {
        var buffer = [UInt8](repeating: 0, count: Int(min(max(count, 1), 1 << 20)))
        var done: Int64 = 0
        while done < count {
            let wanted = min(buffer.count, Int(count - done))
            let got = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, wanted, off_t(done)) }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw DiskFault.error("read an artifact") }
            try buffer.withUnsafeBytes { bytes in
                try other.write(UnsafeRawBufferPointer(rebasing: bytes[..<got]), at: offset + done)
            }
            done += Int64(got)
        }
        guard ftruncate(other.descriptor, off_t(offset + count)) == 0 else {
            throw DiskFault.error("write an artifact")
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

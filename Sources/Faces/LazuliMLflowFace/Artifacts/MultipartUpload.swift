import Foundation
import LazuliResources
import LazuliTracking
import Synchronization

/// A file that arrives in parts, in any order and side by side. Each part goes to its place in one file at once: all
/// parts but the last have one size. Let go of before it is complete, it leaves nothing.
final class MultipartUpload: Sendable {
    /// Whose upload it is and where it goes: the calls that follow must name the same.
    struct Target: Sendable, Equatable {
        let scope: WorkspaceScope
        let path: [String]
    }

    private struct Received {
        /// Of every part but the last, in bytes.
        var partSize: Int64?
        var sizes: [Int: Int64] = [:]
    }

    let target: Target
    let parts: Int
    /// Milliseconds since 1970.
    let begunAt: Int64
    private let file: ArtifactUpload
    /// The last part waits here until the size of the others is known.
    private let tail: ArtifactUpload
    private let received = Mutex(Received())

    init(_ target: Target, parts: Int, begunAt: Int64, file: ArtifactUpload, tail: ArtifactUpload) {
        self.target = target
        self.parts = parts
        self.begunAt = begunAt
        self.file = file
        self.tail = tail
    }

    /// Where a part's bytes go.
    /// - Throws: `invalidArgument` for a part whose size differs from that of the parts before.
    func writer(ofPart number: Int, size: Int64) throws -> @Sendable (UnsafeRawBufferPointer, Int64) throws -> Void {
        guard (1...parts).contains(number) else {
            throw TrackingFault.invalid("There is no part \(number): the upload has \(parts).", target: "part_number")
        }
        if number == parts { return { [tail] bytes, offset in try tail.write(bytes, at: offset) } }
        let partSize = received.withLock { received in
            received.partSize = received.partSize ?? size
            return received.partSize ?? size
        }
        guard partSize == size else {
            throw TrackingFault.invalid(
                "Part \(number) has \(size) bytes, other parts \(partSize). All but the last must have one size.",
                target: "part_number")
        }
        let start = Int64(number - 1) * partSize
        return { [file] bytes, offset in try file.write(bytes, at: start + offset) }
    }

    func note(part number: Int, size: Int64) { received.withLock { $0.sizes[number] = size } }

    /// Puts the last part behind the others.
    /// - Returns: the whole file, to be put in its place.
    /// - Throws: `invalidArgument` if parts are missing.
    func whole() throws -> ArtifactUpload {
        let (sizes, partSize) = received.withLock { ($0.sizes, $0.partSize ?? 0) }
        let missing = (1...parts).filter { sizes[$0] == nil }
        guard missing.isEmpty else {
            let list = missing.prefix(10).map(String.init).joined(separator: ", ")
            throw TrackingFault.invalid("The upload is not complete: part \(list) is missing.", target: "parts")
        }
        try tail.copy(sizes[parts] ?? 0, to: file, at: Int64(parts - 1) * partSize)
        return file
    }
}

/// The uploads under way. They live as long as the server: a restart ends them, and the next opening clears their files.
final class MultipartUploads: Sendable {
    static let mostParts = 10_000
    /// Milliseconds after which an upload that was never completed is let go.
    private static let longest: Int64 = 24 * 3600 * 1000
    private let open = Mutex<[String: MultipartUpload]>([:])

    /// - Returns: the upload's id.
    func begin(_ upload: MultipartUpload) -> String {
        let id = UUID().uuidString.lowercased()
        open.withLock { open in
            open = open.filter { upload.begunAt - $0.value.begunAt < Self.longest }
            open[id] = upload
        }
        return id
    }

    /// - Throws: `notFound` for one that was completed, aborted or never begun.
    func find(_ id: String) throws -> MultipartUpload {
        guard let upload = open.withLock({ $0[id] }) else {
            throw TrackingFault.notFound(
                "There is no upload \(id): it was completed or aborted, or the server was restarted. Begin it again.")
        }
        return upload
    }

    func find(_ id: String, for target: MultipartUpload.Target) throws -> MultipartUpload {
        let upload = try find(id)
        guard upload.target == target else {
            throw TrackingFault.invalid("The upload \(id) is for another path.", target: "path")
        }
        return upload
    }

    func end(_ id: String) { open.withLock { $0[id] = nil } }
}

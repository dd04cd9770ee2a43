import Foundation
import LazuliResources

/// What goes with the content of a new blob.
public struct BlobDescription: Sendable {
    public var kind: BlobKind
    public var settings: ContentSettings
    public var metadata: [String: String]

    public init(
        kind: BlobKind = .block, settings: ContentSettings = ContentSettings(), metadata: [String: String] = [:]
    ) {
        self.kind = kind
        self.settings = settings
        self.metadata = metadata
    }
}

extension BlobStore {
    /// Begins to write a blob, a block of one, or an addition to one; the writer's `commit` calls say which.
    /// - Throws: `notFound` if the container does not exist.
    public func writer(for address: BlobAddress, hashing: Set<BlobWriter.Digest> = []) throws -> BlobWriter {
        _ = try folder(of: address.container)
        return try BlobWriter(store: self, address: address, hashing: hashing)
    }

    /// Deletes a blob, and the folders above it that are empty then.
    /// - Throws: `notFound`, or `preconditionFailed`.
    public func delete(_ address: BlobAddress, conditions: BlobConditions = .none) throws {
        try locks.withLock(of: address) {
            let container = try folder(of: address.container)
            guard let (status, record) = try current(address, in: container) else { throw BlobFault.noBlob(address) }
            try conditions.checkWrite(over: BlobProperties(of: address.name, status, record), at: address)
            let segments = address.name.segments
            guard let name = segments.last, let parent = try container.folder(at: segments.dropLast()),
                try parent.removeFile(name)
            else { throw BlobFault.noBlob(address) }
            try parent.handle.synchronize()
            sidecar(of: address).remove()
            try removeEmptyFolders(segments.dropLast(), in: container)
        }
    }

    private func removeEmptyFolders(_ path: ArraySlice<String>, in container: Folder) throws {
        var rest = path
        while let name = rest.popLast() {
            guard let parent = try container.folder(at: rest), parent.removeEmptyFolder(name) else { return }
        }
    }

    /// Replaces a blob's metadata.
    /// - Throws: `notFound`, or `preconditionFailed`.
    @discardableResult
    public func setMetadata(
        _ metadata: [String: String], of address: BlobAddress, conditions: BlobConditions = .none
    ) throws -> BlobProperties {
        try change(address, conditions) { $0.metadata = metadata }
    }

    /// Replaces the headers that a blob gives back to its readers.
    /// - Throws: `notFound`, or `preconditionFailed`.
    @discardableResult
    public func setSettings(
        _ settings: ContentSettings, of address: BlobAddress, conditions: BlobConditions = .none
    ) throws -> BlobProperties {
        try change(address, conditions) { $0.settings = settings }
    }

    private func change(
        _ address: BlobAddress, _ conditions: BlobConditions, _ body: (inout BlobRecord) -> Void
    ) throws -> BlobProperties {
        try locks.withLock(of: address) {
            let container = try folder(of: address.container)
            guard let (status, found) = try current(address, in: container) else { throw BlobFault.noBlob(address) }
            try conditions.checkWrite(over: BlobProperties(of: address.name, status, found), at: address)
            var record = found ?? .new(for: status)
            body(&record)
            record.revision += 1
            _ = try prepareUploads(address.container.account)
            try sidecar(of: address).write([record])
            return BlobProperties(of: address.name, status, record)
        }
    }

    /// Copies a blob within the store.
    /// - Parameter metadata: nil keeps the source's.
    /// - Throws: `notFound` for the source or the target's container; `preconditionFailed`.
    public func copy(
        _ source: BlobAddress, to target: BlobAddress, metadata: [String: String]? = nil,
        conditions: BlobConditions = .none
    ) throws -> BlobProperties {
        let reader = try open(source)
        let writer = try writer(for: target)
        try writer.append(0..<reader.properties.size, of: reader.file)
        let description = BlobDescription(
            kind: reader.properties.kind, settings: reader.properties.settings,
            metadata: metadata ?? reader.properties.metadata)
        return try writer.commit(description, conditions: conditions)
    }
}

extension BlobRecord {
    static func new(for status: FileStatus) -> BlobRecord {
        BlobRecord(size: status.size, modified: status.modified, created: WallClock.system.now())
    }
}

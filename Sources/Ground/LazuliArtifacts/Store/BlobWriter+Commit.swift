import Foundation
import LazuliResources

extension BlobWriter {
    /// Puts the content in the blob's place, if the conditions hold at that moment. Durable when this returns.
    ///
    /// - Throws: `preconditionFailed` or `conflict` for the conditions; `conflict` if a folder stands at the name or a
    ///   blob stands where the name has a folder (plain files cannot be both); `notFound` if the container is gone.
    @discardableResult
    public func commit(
        _ description: BlobDescription = BlobDescription(), conditions: BlobConditions = .none
    ) throws -> BlobProperties {
        try commit(description, blocks: [], conditions: conditions)
    }

    func commit(
        _ description: BlobDescription, blocks: [CommittedBlock], conditions: BlobConditions
    ) throws -> BlobProperties {
        try file.synchronize()
        let status = try file.status()
        var record = BlobRecord.new(for: status)
        (record.kind, record.settings, record.metadata) = (description.kind, description.settings, description.metadata)
        record.blocks = blocks
        return try store.locks.withLock(of: address) {
            // A delete of the folder's last blob may remove the folder between its making and the renaming.
            for _ in 0..<8 {
                if try place(record, conditions) { return BlobProperties(of: address.name, status, record) }
            }
            throw FileFault.error("put a blob in its place", address.name.text, errno: ENOENT)
        }
    }

    /// - Returns: false if the folder vanished meanwhile.
    private func place(_ record: BlobRecord, _ conditions: BlobConditions) throws -> Bool {
        let container = try store.folder(of: address.container)
        let segments = address.name.segments
        guard let name = segments.last, let parent = try container.makeFolder(at: segments.dropLast()) else {
            throw occupied("a blob or a link stands where its name has a folder")
        }
        if parent.status(of: name)?.kind == .folder { throw occupied("a folder of that name exists") }
        let old = try store.current(address, in: container)
        try conditions.checkWrite(over: old.map { BlobProperties(of: address.name, $0, $1) }, at: address)
        let sidecar = store.sidecar(of: address)
        if !record.isPlain { try sidecar.write([old?.record, record].compactMap(\.self)) }
        guard try move(to: parent, name, onlyNew: conditions.demandsNew) else { return false }
        try parent.handle.synchronize()
        if record.isPlain, old?.record != nil { sidecar.remove() }
        return true
    }

    private func move(to parent: Folder, _ name: String, onlyNew: Bool) throws -> Bool {
        guard let path else { throw ServiceError(.internalError, "A blob was committed twice.") }
        // A link, unlike a rename, fails when a job has made the file in this very moment.
        let done =
            onlyNew
            ? linkat(AT_FDCWD, path, parent.handle.descriptor, name, 0)
            : renameat(AT_FDCWD, path, parent.handle.descriptor, name)
        if done == 0 {
            _ = takePath()
            if onlyNew { unlink(path) }
            return true
        }
        switch errno {
        case ENOENT: return false
        case EEXIST: throw BlobFault.blobAlreadyExists.error("The blob \(address.name) exists already.")
        case EISDIR, ENOTEMPTY: throw occupied("a folder of that name exists")
        default: throw FileFault.error("put a blob in its place", address.name.text)
        }
    }

    func occupied(_ reason: String) -> ServiceError {
        BlobFault.pathOccupied.error(
            "The blob \(address.name) cannot be written: \(reason). Blobs are plain files here; choose another name.",
            target: address.name.text)
    }
}

extension BlobWriter {
    /// Adds the content to the end of an append blob, all of it or nothing. Durable when this returns.
    ///
    /// - Parameters:
    ///   - position: where the caller expects the blob to end, in bytes.
    ///   - limit: the size that the blob must not pass, in bytes.
    /// - Returns: the blob afterwards, and the offset at which the content begins.
    /// - Throws: `notFound`, `preconditionFailed`, or `conflict` if the blob is no append blob.
    public func commitAppending(
        conditions: BlobConditions = .none, position: Int64? = nil, limit: Int64? = nil
    ) throws -> (properties: BlobProperties, offset: Int64) {
        try store.locks.withLock(of: address) {
            let container = try store.folder(of: address.container)
            let segments = address.name.segments
            guard let (status, found) = try store.current(address, in: container), let name = segments.last,
                let parent = try container.folder(at: segments.dropLast()),
                let target = try parent.file(name, writable: true)
            else { throw BlobFault.noBlob(address) }
            try conditions.checkWrite(over: BlobProperties(of: address.name, status, found), at: address)
            guard var record = found, record.kind == .append else {
                throw BlobFault.invalidBlobType.error("The blob \(address.name) is no append blob. Create it as one.")
            }
            if let position, position != status.size { throw misplaced(position, status.size) }
            if let limit, status.size + size > limit { throw tooLong(limit) }
            try addContent(to: target, of: status.size)
            record.bind(to: try target.status())
            record.appendedBlocks += 1
            try store.sidecar(of: address).write([record])
            return (BlobProperties(of: address.name, try target.status(), record), status.size)
        }
    }

    private func addContent(to target: OpenFile, of oldSize: Int64) throws {
        do {
            // The kernel's copy refuses files opened for appending, so the content goes through one small buffer.
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
            defer { buffer.deallocate() }
            var offset: Int64 = 0
            while offset < size {
                let count = try file.read(at: offset, into: buffer)
                try target.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                offset += Int64(count)
            }
            try target.synchronize()
        } catch {
            ftruncate(target.descriptor, off_t(oldSize))
            throw error
        }
    }

    private func misplaced(_ position: Int64, _ actual: Int64) -> ServiceError {
        BlobFault.appendPositionNotMet.error(
            "The blob \(address.name) ends at \(actual), not at \(position). Read its length and try again.")
    }

    private func tooLong(_ limit: Int64) -> ServiceError {
        BlobFault.conditionNotMet.error("The blob \(address.name) would pass the \(limit) bytes that were allowed.")
    }
}

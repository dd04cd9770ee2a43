import Foundation
import LazuliResources

/// Blocks wait in a folder of their own until a list commits them. A staged block outlives the server; only a commit
/// brings content to the disk for good, so that 1 GiB is not written and waited for twice.
extension BlobWriter {
    /// Keeps the content as an uncommitted block, replacing one of the same id.
    /// - Throws: `notFound` if the container is gone.
    public func commitBlock(_ id: BlockID) throws {
        guard let path = takePath() else { throw ServiceError(.internalError, "A block was committed twice.") }
        let folder = store.layout.blocks(address)
        for _ in 0..<8 {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if rename(path, folder.appending(path: id.fileName).path) == 0 { return }
            // A list that was committed in this moment takes the folder away.
            guard errno == ENOENT else { break }
        }
        let error = FileFault.error("keep a block", path)
        unlink(path)
        throw error
    }
}

extension BlobStore {
    /// Makes a blob of blocks, in the order of the list; all other uncommitted blocks are forgotten.
    /// - Throws: `invalidArgument` naming the first block that is not there; `preconditionFailed`; `notFound`.
    @discardableResult
    public func commitBlocks(
        _ list: [BlockReference], of address: BlobAddress, as description: BlobDescription = BlobDescription(),
        conditions: BlobConditions = .none
    ) throws -> BlobProperties {
        let old = try openIfPresent(address)
        let folder = try Folder.open(layout.blocks(address))
        let writer = try writer(for: address)
        var blocks: [CommittedBlock] = []
        for reference in list {
            guard let (file, range) = try content(of: reference, in: folder, or: old) else {
                throw BlobFault.invalidBlockList.error(
                    "The block \(reference.id.text) of \(address.name) is not there (\(reference.place.rawValue)). "
                        + "Put all blocks before their list.", target: reference.id.text)
            }
            try writer.append(range, of: file)
            blocks.append(CommittedBlock(id: reference.id, size: Int64(range.count)))
        }
        let properties = try writer.commit(description, blocks: blocks, conditions: conditions)
        removeBlocks(of: address)
        return properties
    }

    /// The blocks of a blob: those it was committed from, and those that wait.
    /// - Throws: `notFound` if there is neither a blob nor a block.
    public func blocks(
        of address: BlobAddress
    ) throws -> (committed: [CommittedBlock], uncommitted: [CommittedBlock], properties: BlobProperties?) {
        _ = try self.folder(of: address.container)
        let blob = try openIfPresent(address)
        var waiting: [CommittedBlock] = []
        if let folder = try Folder.open(layout.blocks(address)) {
            for entry in try folder.entries().sorted(by: { $0.name < $1.name }) {
                guard let id = BlockID(fileName: entry.name), let status = folder.status(of: entry.name) else {
                    continue
                }
                waiting.append(CommittedBlock(id: id, size: status.size))
            }
        }
        if blob == nil, waiting.isEmpty { throw BlobFault.noBlob(address) }
        return (blob?.record?.blocks ?? [], waiting, blob?.properties)
    }

    /// Forgets the uncommitted blocks of a blob.
    func removeBlocks(of address: BlobAddress) {
        let folder = layout.blocks(address)
        let grave = layout.uploads(address.container.account).appending(path: "deleted-" + UUID().uuidString)
        guard rename(folder.path, grave.path) == 0 else { return }
        try? FileManager.default.removeItem(at: grave)
    }

    private func openIfPresent(_ address: BlobAddress) throws -> BlobReader? {
        do {
            return try open(address)
        } catch let error as ServiceError where BlobFault(error) == .blobNotFound {
            return nil
        }
    }

    private func content(
        of reference: BlockReference, in folder: Folder?, or blob: BlobReader?
    ) throws -> (OpenFile, Range<Int64>)? {
        if reference.place != .committed, let file = try folder?.file(reference.id.fileName) {
            return (file, 0..<(try file.status().size))
        }
        guard reference.place != .uncommitted, let blob, let blocks = blob.record?.blocks else { return nil }
        var start: Int64 = 0
        for block in blocks {
            if block.id.fileName == reference.id.fileName { return (blob.file, start..<(start + block.size)) }
            start += block.size
        }
        return nil
    }
}

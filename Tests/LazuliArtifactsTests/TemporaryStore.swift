import Foundation
import LazuliResources

@testable import LazuliArtifacts

/// A store in a folder of its own, removed with the value.
final class TemporaryStore: Sendable {
    let root: URL
    let store: BlobStore
    let container: ContainerAddress

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "lazuli-blobs-\(UUID().uuidString)")
        store = BlobStore(root: root)
        container = try ContainerAddress(account: "lazuli", container: "data")
        try store.createContainer(container)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func address(_ name: String) throws -> BlobAddress { BlobAddress(in: container, name: try BlobName(name)) }

    @discardableResult
    func put(
        _ name: String, _ text: String = "content", _ description: BlobDescription = BlobDescription(),
        conditions: BlobConditions = .none
    ) throws -> BlobProperties {
        try writer(name, text).commit(description, conditions: conditions)
    }

    func writer(_ name: String, _ text: String) throws -> BlobWriter {
        let writer = try store.writer(for: address(name))
        try Array(text.utf8).withUnsafeBytes { try writer.append($0) }
        return writer
    }

    func stage(_ name: String, block: String, _ text: String) throws {
        try writer(name, text).commitBlock(BlockID(Data(block.utf8).base64EncodedString()))
    }

    func text(_ name: String) throws -> String {
        let reader = try store.open(address(name))
        var bytes = [UInt8](repeating: 0, count: Int(reader.properties.size))
        let count = try bytes.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Writes a file as a job would: past the store.
    func writeAsJob(_ name: String, _ text: String) throws {
        let url = store.location(of: try address(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: store.layout.uploads("lazuli").path)
    }

    func names(_ query: BlobQuery = BlobQuery()) throws -> [String] {
        try store.list(in: container, query).items.map(\.name)
    }
}

func fault(_ body: () throws -> some Any) -> BlobFault? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? ServiceError).flatMap { BlobFault($0) }
    }
}

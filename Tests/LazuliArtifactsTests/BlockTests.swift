import Foundation
import LazuliResources
import Testing

@testable import LazuliArtifacts

struct BlockTests {
    private func reference(_ name: String, _ place: BlockReference.Place = .latest) throws -> BlockReference {
        BlockReference(place, try BlockID(Data(name.utf8).base64EncodedString()))
    }

    @Test("Blocks become a blob in the order of the list, whatever order they came in")
    func order() throws {
        let fixture = try TemporaryStore()
        let address = try fixture.address("a/b")
        for (id, text) in [("2", "two "), ("1", "one "), ("3", "three "), ("9", "unused")] {
            try fixture.stage("a/b", block: id, text)
        }
        #expect(fault { try fixture.store.open(address) } == .blobNotFound)
        #expect(try fixture.store.blocks(of: address).uncommitted.map(\.size) == [4, 4, 6, 6])
        let list = try ["1", "2", "3", "1"].map { try reference($0) }
        try fixture.store.commitBlocks(list, of: address, as: BlobDescription(metadata: ["k": "v"]))
        #expect(try fixture.text("a/b") == "one two three one ")
        let after = try fixture.store.blocks(of: address)
        #expect(after.uncommitted.isEmpty && after.committed.map(\.size) == [4, 4, 6, 4])
        #expect(try fixture.store.properties(of: address).metadata == ["k": "v"])
    }

    @Test("A later list can keep committed blocks and add new ones")
    func editing() throws {
        let fixture = try TemporaryStore()
        let address = try fixture.address("a")
        try fixture.stage("a", block: "1", "one ")
        try fixture.stage("a", block: "2", "two ")
        try fixture.store.commitBlocks([reference("1"), reference("2")], of: address)
        try fixture.stage("a", block: "1", "ONE ")
        let list = try [reference("1", .committed), reference("1", .uncommitted), reference("2"), reference("1")]
        try fixture.store.commitBlocks(list, of: address)
        #expect(try fixture.text("a") == "one ONE two ONE ")
    }

    @Test("A list that names a missing block changes nothing and keeps the others")
    func missing() throws {
        let fixture = try TemporaryStore()
        let address = try fixture.address("a")
        try fixture.put("a", "old")
        try fixture.stage("a", block: "1", "one")
        let list = try [reference("1"), reference("2")]
        #expect(fault { try fixture.store.commitBlocks(list, of: address) } == .invalidBlockList)
        #expect(
            fault { try fixture.store.commitBlocks([reference("1", .committed)], of: address) } == .invalidBlockList)
        #expect(try fixture.text("a") == "old")
        #expect(try fixture.store.blocks(of: address).uncommitted.count == 1)
        #expect(
            fault { try fixture.store.commitBlocks([reference("1")], of: address, conditions: .mustNotExist) }
                == .blobAlreadyExists)
    }

    @Test("An empty list makes an empty blob")
    func empty() throws {
        let fixture = try TemporaryStore()
        #expect(try fixture.store.commitBlocks([], of: fixture.address("a")).size == 0)
    }

    @Test("A block of the same id replaces the one before")
    func replacing() throws {
        let fixture = try TemporaryStore()
        try fixture.stage("a", block: "1", "first")
        try fixture.stage("a", block: "1", "second")
        try fixture.store.commitBlocks([reference("1")], of: fixture.address("a"))
        #expect(try fixture.text("a") == "second")
    }
}

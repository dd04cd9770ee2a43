import Foundation
import LazuliResources
import Testing

@testable import LazuliArtifacts

struct ConditionTests {
    @Test("If-None-Match: * makes new blobs alone")
    func onlyNew() throws {
        let fixture = try TemporaryStore()
        try fixture.put("a", "one", conditions: .mustNotExist)
        #expect(fault { try fixture.put("a", "two", conditions: .mustNotExist) } == .blobAlreadyExists)
        #expect(try fixture.text("a") == "one")
        #expect(try fixture.leftovers().isEmpty)
    }

    @Test("Of many that make the same new blob at once, one succeeds")
    func race() async throws {
        let fixture = try TemporaryStore()
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<16 {
                group.addTask { fault { try fixture.put("d/a", "\(index)", conditions: .mustNotExist) } == nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
    }

    @Test("If-Match wants the blob as the caller knows it, with or without quotes")
    func ifMatch() throws {
        let fixture = try TemporaryStore()
        let first = try fixture.put("a", "one")
        let bare = first.etag.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        try fixture.put("a", "two", conditions: BlobConditions(ifMatch: bare))
        #expect(
            fault { try fixture.put("a", "three", conditions: BlobConditions(ifMatch: first.etag)) } == .conditionNotMet
        )
        #expect(fault { try fixture.put("b", conditions: BlobConditions(ifMatch: "*")) } == .conditionNotMet)
        let stale = BlobConditions(ifMatch: first.etag)
        #expect(fault { try fixture.store.delete(fixture.address("a"), conditions: stale) } == .conditionNotMet)
        #expect(
            fault { try fixture.store.setMetadata([:], of: fixture.address("a"), conditions: stale) }
                == .conditionNotMet)
        #expect(try fixture.text("a") == "two")
    }

    @Test("A reader who knows the blob is told so")
    func reading() throws {
        let fixture = try TemporaryStore()
        let blob = try fixture.put("a")
        let address = try fixture.address("a")
        #expect(try BlobConditions(ifNoneMatch: "W/" + blob.etag).checkRead(of: blob, at: address) == .notModified)
        #expect(try BlobConditions(ifNoneMatch: "\"other\"").checkRead(of: blob, at: address) == .proceed)
        let later = BlobConditions(ifModifiedSince: Date().addingTimeInterval(60))
        #expect(try later.checkRead(of: blob, at: address) == .notModified)
        let earlier = BlobConditions(ifUnmodifiedSince: Date(timeIntervalSince1970: 0))
        #expect(fault { try earlier.checkRead(of: blob, at: address) } == .conditionNotMet)
    }
}

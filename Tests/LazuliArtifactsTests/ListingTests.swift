import Foundation
import LazuliResources
import Testing

@testable import LazuliArtifacts

struct ListingTests {
    private static let names = [
        "a", "b-c", "b.txt", "b/a/x", "b/a.x", "b/b", "b0", "c/d/e/f", "ü", "zz", "Z", "b/a-",
    ]

    /// The reference: full names by their bytes.
    private static let sorted = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }

    private func filled() throws -> TemporaryStore {
        let fixture = try TemporaryStore()
        for name in Self.names { try fixture.writeAsJob(name, "x") }
        return fixture
    }

    @Test("Names come in the order of their bytes, across folders")
    func order() throws {
        #expect(try filled().names() == Self.sorted)
    }

    @Test("Pages of every size join to the same list", arguments: 1...13)
    func pages(_ limit: Int) throws {
        let fixture = try filled()
        var found: [String] = []
        var marker: String?
        repeat {
            let page = try fixture.store.list(in: fixture.container, BlobQuery(marker: marker, limit: limit))
            #expect(page.items.count <= limit && (page.nextMarker == nil || page.items.count == limit))
            found += page.items.map(\.name)
            marker = page.nextMarker
        } while marker != nil
        #expect(found == Self.sorted)
    }

    @Test(
        "A prefix need not end at a folder",
        arguments: ["", "b", "b/", "b/a", "b/a/", "c/d/e", "nothing", "b/../a", "ü", "b//"])
    func prefixes(_ prefix: String) throws {
        #expect(try filled().names(BlobQuery(prefix: prefix)) == Self.sorted.filter { $0.hasPrefix(prefix) })
    }

    @Test("A delimiter shows folders as one, page by page too", arguments: [1, 2, 100])
    func delimiters(_ limit: Int) throws {
        let fixture = try filled()
        var found: [String] = []
        var marker: String?
        repeat {
            let query = BlobQuery(delimiter: "/", marker: marker, limit: limit)
            let page = try fixture.store.list(in: fixture.container, query)
            found += page.items.map(\.name)
            marker = page.nextMarker
        } while marker != nil
        #expect(found == ["Z", "a", "b-c", "b.txt", "b/", "b0", "c/", "zz", "ü"])
        #expect(try fixture.names(BlobQuery(prefix: "b/", delimiter: "/")) == ["b/a-", "b/a.x", "b/a/", "b/b"])
        #expect(
            try fixture.names(BlobQuery(prefix: "b", delimiter: "-")) == [
                "b-", "b.txt", "b/a-", "b/a.x", "b/a/x", "b/b", "b0",
            ])
    }

    @Test("Empty folders and files that break the rules of names are not shown")
    func oddities() throws {
        let fixture = try TemporaryStore()
        let url = fixture.store.url(of: fixture.container)
        try FileManager.default.createDirectory(
            at: url.appending(path: "empty/deep"), withIntermediateDirectories: true)
        try Data().write(to: url.appending(path: "back\\slash"))
        try Data().write(to: url.appending(path: "new\nline"))
        #expect(try fixture.names(BlobQuery(delimiter: "/")).isEmpty)
        #expect(
            fault { try fixture.store.list(in: ContainerAddress(account: "lazuli", container: "none")) }
                == .containerNotFound)
    }

    @Test("A listing carries metadata and types")
    func properties() throws {
        let fixture = try TemporaryStore()
        let blob = try fixture.put("a.csv", "x", BlobDescription(metadata: ["k": "v"]))
        #expect(try fixture.store.list(in: fixture.container).items == [.blob(name: "a.csv", blob)])
        #expect(blob.contentType == "text/csv")
    }

    @Test("A page can begin in the middle of many folders")
    func manyFolders() throws {
        let fixture = try TemporaryStore()
        for folder in 0..<40 { for file in 0..<25 { try fixture.writeAsJob("f\(10 + folder)/\(file)", "") } }
        let page = try fixture.store.list(in: fixture.container, BlobQuery(marker: "f30/", limit: 30))
        #expect(page.items.count == 30 && page.items.first?.name == "f30/0")
        #expect(page.nextMarker?.hasPrefix("f31/") == true)
        #expect(try fixture.names().count == 1000)
    }
}

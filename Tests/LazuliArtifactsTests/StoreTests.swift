import Foundation
import LazuliResources
import Testing

@testable import LazuliArtifacts

struct StoreTests {
    @Test("A container is made once, and deleted with everything in it")
    func containers() throws {
        let fixture = try TemporaryStore()
        #expect(try fixture.store.createContainer(fixture.container) == false)
        try fixture.put("a/b", "x", BlobDescription(metadata: ["k": "v"]))
        try fixture.store.deleteContainer(fixture.container)
        #expect(!fixture.store.containerExists(fixture.container))
        #expect(fault { try fixture.store.deleteContainer(fixture.container) } == .containerNotFound)
        #expect(fault { try fixture.put("a") } == .containerNotFound)
        #expect(try fixture.leftovers().isEmpty)
        #expect(try fixture.store.createContainer(fixture.container))
        #expect(try fixture.names().isEmpty)
    }

    @Test("Containers are listed in order, without the store's own folders")
    func listsContainers() throws {
        let fixture = try TemporaryStore()
        for name in ["zebra", "alpha"] {
            try fixture.store.createContainer(ContainerAddress(account: "lazuli", container: name))
        }
        try fixture.put("x", "y", BlobDescription(metadata: ["k": "v"]))
        #expect(try fixture.store.listContainers(account: "lazuli").map(\.name) == ["alpha", "data", "zebra"])
        #expect(try fixture.store.listContainers(account: "nobody").isEmpty)
    }

    @Test("What is written is read back as a plain file with its properties")
    func roundTrip() throws {
        let fixture = try TemporaryStore()
        let settings = ContentSettings(type: "text/x-odd", encoding: "gzip", cacheControl: "no-cache", md5: "abc")
        let written = try fixture.put(
            "dir/a b+c=%ü.csv", "1,2", BlobDescription(settings: settings, metadata: ["Key": "v"]))
        let found = try fixture.store.properties(of: fixture.address("dir/a b+c=%ü.csv"))
        #expect(found == written)
        #expect(found.metadata == ["Key": "v"] && found.settings == settings && found.size == 3)
        #expect(
            try String(contentsOf: fixture.root.appending(path: "lazuli/data/dir/a b+c=%ü.csv"), encoding: .utf8)
                == "1,2")
        #expect(try fixture.leftovers().isEmpty)
    }

    @Test("A file that a job wrote has properties of its own, by its extension")
    func jobFiles() throws {
        let fixture = try TemporaryStore()
        try fixture.writeAsJob("out/metrics.json", "{}")
        let found = try fixture.store.properties(of: fixture.address("out/metrics.json"))
        #expect(found.contentType == "application/json" && found.size == 2 && found.metadata.isEmpty)
    }

    @Test("A file rewritten behind the store's back drops its metadata")
    func staleMetadata() throws {
        let fixture = try TemporaryStore()
        let old = try fixture.put("a.txt", "one", BlobDescription(metadata: ["upload_status": "completed"]))
        try fixture.writeAsJob("a.txt", "two")
        let new = try fixture.store.properties(of: fixture.address("a.txt"))
        #expect(new.metadata.isEmpty)
        #expect(new.etag != old.etag)
    }

    @Test("A deleted and rewritten blob has none of the old metadata")
    func deletedMetadata() throws {
        let fixture = try TemporaryStore()
        try fixture.put("a/b/c", "one", BlobDescription(metadata: ["upload_status": "completed"]))
        try fixture.store.delete(fixture.address("a/b/c"))
        #expect(!FileManager.default.fileExists(atPath: fixture.root.appending(path: "lazuli/data/a").path))
        #expect(fault { try fixture.store.delete(fixture.address("a/b/c")) } == .blobNotFound)
        try fixture.put("a/b/c", "one")
        #expect(try fixture.store.properties(of: fixture.address("a/b/c")).metadata.isEmpty)
    }

    @Test("New metadata changes the ETag and nothing else")
    func setMetadata() throws {
        let fixture = try TemporaryStore()
        let old = try fixture.put("a", "x", BlobDescription(settings: ContentSettings(type: "text/css")))
        let new = try fixture.store.setMetadata(["upload_status": "completed"], of: fixture.address("a"))
        #expect(new.etag != old.etag && new.contentType == "text/css" && new.size == 1)
        #expect(try fixture.store.properties(of: fixture.address("a")) == new)
        #expect(fault { try fixture.store.setMetadata([:], of: fixture.address("b")) } == .blobNotFound)
    }

    @Test("A sidecar that holds garbage is as good as none")
    func brokenSidecar() throws {
        let fixture = try TemporaryStore()
        try fixture.put("a", "x", BlobDescription(metadata: ["k": "v"]))
        try Data("{\"records\": 7".utf8).write(to: fixture.store.layout.sidecar(fixture.address("a")))
        #expect(try fixture.store.properties(of: fixture.address("a")).metadata.isEmpty)
    }

    @Test("If a crash falls between the record and the file, the old blob keeps its own record")
    func crashBeforeRename() throws {
        let fixture = try TemporaryStore()
        try fixture.put("a", "old", BlobDescription(metadata: ["k": "old"]))
        let address = try fixture.address("a")
        let sidecar = fixture.store.sidecar(of: address)
        let kept = sidecar.records()
        try sidecar.write(kept + [BlobRecord(size: 99, modified: 1, metadata: ["k": "new"], created: 0)])
        #expect(try fixture.store.properties(of: address).metadata == ["k": "old"])
    }

    @Test("An upload that is cut leaves nothing behind")
    func cutUpload() throws {
        let fixture = try TemporaryStore()
        do {
            let writer = try fixture.writer("a", "half")
            #expect(writer.size == 4)
            #expect(try fixture.leftovers().count == 1)
        }
        #expect(try fixture.leftovers().isEmpty)
        #expect(fault { try fixture.store.properties(of: fixture.address("a")) } == .blobNotFound)
    }

    @Test("Files of broken uploads and forgotten blocks go at a later opening")
    func sweeping() throws {
        let fixture = try TemporaryStore()
        let upload = fixture.store.layout.uploads("lazuli").appending(path: "left")
        try fixture.stage("a", block: "1", "x")
        try Data("half".utf8).write(to: upload)
        fixture.store.removeAbandonedUploads()
        #expect(FileManager.default.fileExists(atPath: upload.path))
        fixture.store.removeAbandonedUploads(now: Date().addingTimeInterval(2 * 24 * 3600))
        #expect(!FileManager.default.fileExists(atPath: upload.path))
        #expect(try fixture.store.blocks(of: fixture.address("a")).uncommitted.count == 1)
        fixture.store.removeAbandonedUploads(now: Date().addingTimeInterval(8 * 24 * 3600))
        #expect(fault { try fixture.store.blocks(of: fixture.address("a")) } == .blobNotFound)
    }

    @Test("A digest other than the declared one is refused")
    func digests() throws {
        let fixture = try TemporaryStore()
        let writer = try fixture.store.writer(for: fixture.address("a"), hashing: [.md5, .sha256])
        try Array("hello world".utf8).withUnsafeBytes { try writer.append($0) }
        #expect(writer.digest(.md5)?.hexadecimal == "5eb63bbbe01eeed093cb22bb8f5acdc3")
        #expect(writer.digest(.sha256)?.hexadecimal.hasPrefix("b94d27b9934d3e08") == true)
        #expect(fault { try writer.requireMD5([1]) } == .digestMismatch)
    }

    @Test("A blob cannot be where a folder is, nor a folder where a blob is")
    func occupiedPaths() throws {
        let fixture = try TemporaryStore()
        try fixture.put("a/b")
        #expect(fault { try fixture.put("a") } == .pathOccupied)
        #expect(fault { try fixture.put("a/b/c") } == .pathOccupied)
        #expect(try fixture.text("a/b") == "content")
        #expect(fault { try fixture.store.properties(of: fixture.address("a")) } == .blobNotFound)
    }

    @Test("Symbolic links lead nowhere: not in reading, writing, listing or deleting")
    func symbolicLinks() throws {
        let fixture = try TemporaryStore()
        let outside = fixture.root.appending(path: "outside")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: outside.appending(path: "key"))
        let inside = fixture.store.url(of: fixture.container)
        try FileManager.default.createSymbolicLink(at: inside.appending(path: "folder"), withDestinationURL: outside)
        let link = inside.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: outside.appending(path: "key"))
        for name in ["folder/key", "link"] {
            #expect(fault { try fixture.store.open(fixture.address(name)) } == .blobNotFound)
            #expect(fault { try fixture.store.delete(fixture.address(name)) } == .blobNotFound)
        }
        #expect(fault { try fixture.put("folder/new") } == .pathOccupied)
        #expect(try fixture.names().isEmpty)
        try fixture.put("link", "fresh")
        #expect(try String(contentsOf: outside.appending(path: "key"), encoding: .utf8) == "secret")
    }

    @Test("A copy is a blob of its own")
    func copying() throws {
        let fixture = try TemporaryStore()
        try fixture.put("a", "text", BlobDescription(settings: ContentSettings(type: "text/css"), metadata: ["k": "v"]))
        let copy = try fixture.store.copy(fixture.address("a"), to: fixture.address("b/c"))
        #expect(copy.metadata == ["k": "v"] && copy.contentType == "text/css")
        try fixture.store.delete(fixture.address("a"))
        #expect(try fixture.text("b/c") == "text")
        #expect(fault { try fixture.store.copy(fixture.address("a"), to: fixture.address("d")) } == .blobNotFound)
    }

    @Test("An append blob grows at its end, within its conditions")
    func appending() throws {
        let fixture = try TemporaryStore()
        try fixture.put("log", "", BlobDescription(kind: .append, metadata: ["k": "v"]))
        #expect(try fixture.writer("log", "one").commitAppending().offset == 0)
        let second = try fixture.writer("log", "two").commitAppending(position: 3, limit: 6)
        #expect(second.offset == 3 && second.properties.appendedBlocks == 2 && second.properties.metadata == ["k": "v"])
        #expect(try fixture.text("log") == "onetwo")
        #expect(fault { try fixture.writer("log", "x").commitAppending(position: 3) } == .appendPositionNotMet)
        #expect(fault { try fixture.writer("log", "x").commitAppending(limit: 6) } == .conditionNotMet)
        try fixture.put("plain")
        #expect(fault { try fixture.writer("plain", "x").commitAppending() } == .invalidBlobType)
        #expect(fault { try fixture.writer("none", "x").commitAppending() } == .blobNotFound)
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliArtifacts
import LazuliResources
import Testing

@testable import LazuliBlobFace

struct BlobOperationTests {
    @Test("A blob goes up, is told of, and comes down whole")
    func roundTrip() async throws {
        try await TestService.run { service, session in
            let put = try await session.put(
                "dir/a%20b%2Bc%3D%25%C3%BC.csv", "hello world",
                [
                    "Content-MD5": "XrY7u+Ae7tCTyyK7j1rNww==", "x-ms-meta-upload_status": "completed",
                    "x-ms-version": "2025-11-05",
                    "x-ms-client-request-id": "me",
                ])
            #expect(put.status == .created)
            #expect(put.header("ETag") != nil && put.header("Last-Modified")?.hasSuffix("GMT") == true)
            #expect(put.header("x-ms-version") == "2025-11-05" && put.header("x-ms-client-request-id") == "me")
            #expect(put.header("x-ms-request-id") != nil && put.header("Date") != nil)
            let file = service.root.appending(path: "lazuli/data/dir/a b+c=%ü.csv")
            #expect(try String(contentsOf: file, encoding: .utf8) == "hello world")
            let head = try await session.call(.head, "/data/dir/a%20b%2Bc%3D%25%C3%BC.csv")
            #expect(head.status == .ok && head.header("Content-Length") == "11" && head.text.isEmpty)
            #expect(
                head.header("x-ms-meta-upload_status") == "completed" && head.header("x-ms-blob-type") == "BlockBlob")
            #expect(
                head.header("Content-MD5") == "XrY7u+Ae7tCTyyK7j1rNww==" && head.header("Content-Type") == "text/csv")
            let get = try await session.call(.get, "/data/dir/a%20b+c=%25%C3%BC.csv")
            #expect(get.status == .ok && get.text == "hello world" && get.header("ETag") == put.header("ETag"))
        }
    }

    @Test(
        "Ranges: partial for any range asked, 416 behind the end",
        arguments: [
            ("bytes=0-33554431", 206, "0123456789", "bytes 0-9/10"), ("bytes=2-4", 206, "234", "bytes 2-4/10"),
            ("bytes=7-", 206, "789", "bytes 7-9/10"), ("bytes=-3", 206, "789", "bytes 7-9/10"),
            ("bytes=10-", 416, nil, "bytes */10"), ("bytes=4-2", 200, "0123456789", nil),
            ("lines=1-2", 200, "0123456789", nil),
            ("bytes=0-1,4-5", 200, "0123456789", nil), ("bytes=x-y", 200, "0123456789", nil),
        ] as [(String, Int, String?, String?)])
    func ranges(_ range: String, _ status: Int, _ text: String?, _ contentRange: String?) async throws {
        try await TestService.run { _, session in
            try await session.put("a", "0123456789")
            for header in ["x-ms-range", "Range"] {
                let answer = try await session.call(.get, "/data/a", [header: range])
                #expect(answer.status.code == status)
                if let text { #expect(answer.text == text) } else { #expect(answer.errorCode == "InvalidRange") }
                #expect(answer.header("Content-Range") == contentRange)
            }
        }
    }

    @Test("A range of an empty blob is 416, the whole of it is 200")
    func emptyBlob() async throws {
        try await TestService.run { _, session in
            try await session.put("empty", "")
            let ranged = try await session.call(.get, "/data/empty", ["x-ms-range": "bytes=0-33554431"])
            #expect(ranged.status.code == 416 && ranged.errorCode == "InvalidRange")
            #expect(ranged.header("Content-Range") == "bytes */0")
            let whole = try await session.call(.get, "/data/empty")
            #expect(whole.status == .ok && whole.header("Content-Length") == "0")
        }
    }

    @Test("A digest of a range can be asked for")
    func rangeDigest() async throws {
        try await TestService.run { _, session in
            try await session.put("a", "hello world!")
            let headers = ["x-ms-range": "bytes=0-10", "x-ms-range-get-content-md5": "true"]
            #expect(
                try await session.call(.get, "/data/a", headers).header("Content-MD5") == "XrY7u+Ae7tCTyyK7j1rNww==")
        }
    }

    @Test("Conditions: new blobs alone, known versions alone, 304 for what the reader has")
    func conditions() async throws {
        try await TestService.run { _, session in
            let first = try await session.put("a", "one", ["If-None-Match": "*"])
            let again = try await session.put("a", "two", ["If-None-Match": "*"])
            #expect(again.status == .conflict && again.errorCode == "BlobAlreadyExists")
            let wrong = try await session.put("a", "two", ["If-Match": "\"0xOTHER\""])
            #expect(wrong.status == .preconditionFailed && wrong.errorCode == "ConditionNotMet")
            let etag = try #require(first.header("ETag"))
            #expect(try await session.call(.get, "/data/a", ["If-None-Match": etag]).status == .notModified)
            #expect(try await session.call(.head, "/data/a", ["If-Match": etag]).status == .ok)
            #expect(try await session.call(.get, "/data/a").text == "one")
        }
    }

    @Test("A body with another MD5 is refused, and leaves nothing")
    func damagedBody() async throws {
        try await TestService.run { _, session in
            let wrong = try await session.put("a", "hello", ["Content-MD5": "XrY7u+Ae7tCTyyK7j1rNww=="])
            #expect(wrong.status == .badRequest && wrong.errorCode == "Md5Mismatch")
            let noDigest = try await session.put("a", "hello", ["Content-MD5": "short"])
            #expect(noDigest.status == .badRequest && noDigest.errorCode == "InvalidMd5")
            #expect(try await session.call(.head, "/data/a").status == .notFound)
        }
    }

    @Test("A body shorter than its declared length is refused, and leaves nothing")
    func shortBody() async throws {
        let service = try TestService()
        let request = try BlobRequest(
            method: .put, target: "/data/a", headers: [.contentLength: "50"], host: "", clientAddress: nil)
        let content = IncomingContent(request: request, body: RequestBody(buffer: ByteBuffer(string: "hello")))
        let error = await #expect(throws: ServiceError.self) {
            try await content.write(to: request.blobAddress("lazuli"), in: service.store)
        }
        #expect(error?.cause == "IncompleteBody")
        let uploads = service.root.appending(path: "lazuli/.uploads").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: uploads).isEmpty)
    }

    @Test("Metadata is set with 200 and replaces what was")
    func metadata() async throws {
        try await TestService.run { _, session in
            try await session.put("a", "x", ["x-ms-meta-old": "1"])
            let set = try await session.call(.put, "/data/a?comp=metadata", ["x-ms-meta-Name": "two"])
            #expect(set.status == .ok && set.header("ETag") != nil)
            let head = try await session.call(.head, "/data/a?comp=metadata")
            #expect(head.header("x-ms-meta-name") == "two" && head.header("x-ms-meta-old") == nil)
            let bad = try await session.call(.put, "/data/a?comp=metadata", ["x-ms-meta-a-b": "1"])
            #expect(bad.status == .badRequest && bad.errorCode == "InvalidMetadata")
        }
    }

    @Test("Blocks wait for their list")
    func blocks() async throws {
        try await TestService.run { _, session in
            for (id, text) in [("QUE=", "two"), ("QUI=", "one")] {
                let target = "/data/big?comp=block&blockid=\(id.replacing("=", with: "%3D"))"
                let staged = try await session.call(.put, target, body: text)
                #expect(staged.status == .created)
            }
            #expect(try await session.call(.head, "/data/big").status == .notFound)
            let waiting = try await session.call(.get, "/data/big?comp=blocklist&blocklisttype=all")
            #expect(waiting.text.contains("<UncommittedBlocks><Block><Name>QUE=</Name><Size>3</Size></Block>"))
            let list =
                "<?xml version=\"1.0\"?>\n<BlockList><Latest>QUI=</Latest><Uncommitted>QUE=</Uncommitted></BlockList>"
            let commit = try await session.call(
                .put, "/data/big?comp=blocklist", ["x-ms-blob-content-type": "text/css", "x-ms-meta-k": "v"], body: list
            )
            #expect(commit.status == .created)
            let get = try await session.call(.get, "/data/big")
            #expect(
                get.text == "onetwo" && get.header("Content-Type") == "text/css" && get.header("x-ms-meta-k") == "v")
            let missing = "<BlockList><Latest>QUM=</Latest></BlockList>"
            let refused = try await session.call(.put, "/data/big?comp=blocklist", body: missing)
            #expect(refused.status == .badRequest && refused.errorCode == "InvalidBlockList")
        }
    }

    @Test(
        "What is no block list is 400",
        arguments: [
            "", "{}", "<a/>", "<BlockList>", "<BlockList><Latest>QUE=</BlockList>",
            "<BlockList><Oldest>QUE=</Oldest></BlockList>",
            "<BlockList><Latest>!</Latest></BlockList>", "<?xml", "<BlockList><Latest>",
        ])
    func malformedBlockLists(_ body: String) async throws {
        try await TestService.run { _, session in
            let added = try await session.call(.put, "/data/big?comp=blocklist", body: body)
            #expect(added.status == .badRequest)
        }
    }

    @Test("An append blob is created and added to")
    func appending() async throws {
        try await TestService.run { _, session in
            try await session.put("log", "", ["x-ms-blob-type": "AppendBlob"])
            for text in ["one", "two"] {
                #expect(try await session.call(.put, "/data/log?comp=appendblock", body: text).status == .created)
            }
            let late = try await session.call(
                .put, "/data/log?comp=appendblock", ["x-ms-blob-condition-appendpos": "3"], body: "x")
            #expect(late.status == .preconditionFailed && late.errorCode == "AppendPositionConditionNotMet")
            let get = try await session.call(.get, "/data/log")
            #expect(get.text == "onetwo" && get.header("x-ms-blob-committed-block-count") == "2")
        }
    }

    @Test("A copy is made within the account, and refused from where the signature does not reach")
    func copying() async throws {
        try await TestService.run { service, session in
            try await session.put("a b", "text", ["x-ms-meta-k": "v"])
            let source = "https://lazuli.blob.core.lazuli@localhost:9/data/a%20b"
            let copy = try await session.call(.put, "/data/copy", ["x-ms-copy-source": source])
            #expect(copy.status == .accepted && copy.header("x-ms-copy-status") == "success")
            let get = try await session.call(.get, "/data/copy")
            #expect(get.text == "text" && get.header("x-ms-meta-k") == "v")
            try service.store.createContainer(ContainerAddress(account: "lazuli", container: "other"))
            let other = try await session.call(.put, "/data/copy", ["x-ms-copy-source": "https://localhost:9/other/x"])
            #expect(other.status == .forbidden && other.errorCode == "CannotVerifyCopySource")
            let away = "https://second.blob.core.lazuli@localhost:9/data/x"
            #expect(try await session.call(.put, "/data/copy", ["x-ms-copy-source": away]).status == .forbidden)
        }
    }

    @Test("Headers of a blob are replaced by Set Blob Properties; a deleted blob is gone")
    func settingsAndDelete() async throws {
        try await TestService.run { _, session in
            try await session.put("a", "x")
            let set = try await session.call(.put, "/data/a?comp=properties", ["x-ms-blob-content-type": "text/css"])
            #expect(set.status == .ok)
            #expect(try await session.call(.head, "/data/a").header("Content-Type") == "text/css")
            #expect(try await session.call(.delete, "/data/a").status == .accepted)
            let gone = try await session.call(.head, "/data/a")
            #expect(gone.status == .notFound && gone.errorCode == "BlobNotFound" && gone.text.isEmpty)
            let error = try await session.call(.get, "/data/a")
            #expect(error.text.hasPrefix("<?xml") && error.text.contains("<Error><Code>BlobNotFound</Code><Message>"))
        }
    }

    @Test("Blobs larger than a chunk stream whole, over a socket too")
    func streaming() async throws {
        try await TestService.run(.live) { _, session in
            let text = String(repeating: "0123456789abcdef", count: 150_000)
            #expect(try await session.put("big", text).status == .created)
            let whole = try await session.call(.get, "/data/big")
            #expect(whole.text == text)
            let part = try await session.call(.get, "/data/big", ["x-ms-range": "bytes=524280-1048600"])
            #expect(part.text == String(text.dropFirst(524_280).prefix(524_321)))
            let head = try await session.call(.head, "/data/big")
            #expect(head.header("Content-Length") == String(text.utf8.count))
            #expect(try await session.call(.head, "/data/none").status == .notFound)
        }
    }
}

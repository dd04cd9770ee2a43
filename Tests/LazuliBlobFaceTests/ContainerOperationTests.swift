import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliArtifacts
import Testing

@testable import LazuliBlobFace

struct ContainerOperationTests {
    private func accountSession(_ session: Session) throws -> Session {
        session.with(
            try SharedAccessSignature.issue(
                account: "lazuli", key: TestAccounts.keys["lazuli"] ?? [], expiry: Date().addingTimeInterval(60)))
    }

    @Test("A container is created once, told of, listed and deleted")
    func lifecycle() async throws {
        try await TestService.run { _, session in
            let session = try accountSession(session)
            #expect(try await session.call(.put, "/fresh?restype=container").status == .created)
            let again = try await session.call(.put, "/fresh?restype=container")
            #expect(again.status == .conflict && again.errorCode == "ContainerAlreadyExists")
            #expect(try await session.call(.head, "/fresh?restype=container").status == .ok)
            let list = try await session.call(.get, "/?comp=list")
            #expect(list.text.contains("<Container><Name>data</Name>") && list.text.contains("<Name>fresh</Name>"))
            #expect(try await session.call(.delete, "/fresh?restype=container").status == .accepted)
            let gone = try await session.call(.get, "/fresh?restype=container")
            #expect(gone.status == .notFound && gone.errorCode == "ContainerNotFound")
            #expect(try await session.call(.put, "/No_Name?restype=container").errorCode == "InvalidResourceName")
        }
    }

    @Test("Blobs are listed with prefix, delimiter, metadata and pages")
    func listing() async throws {
        try await TestService.run { _, session in
            for name in ["a", "dir/one", "dir/two", "x%26y"] {
                try await session.put(name, "1", ["x-ms-meta-k": "<v>"])
            }
            let all = try await session.call(.get, "/data?restype=container&comp=list&include=metadata")
            #expect(
                all.text.contains("<Name>x&amp;y</Name>") && all.text.contains("<Metadata><k>&lt;v&gt;</k></Metadata>"))
            #expect(all.text.contains("<Content-Length>1</Content-Length>") && all.text.contains("<NextMarker/>"))
            let top = try await session.call(.get, "/data?restype=container&comp=list&delimiter=%2F")
            #expect(top.text.contains("<BlobPrefix><Name>dir/</Name></BlobPrefix>") && !top.text.contains("dir/one"))
            let below = try await session.call(.get, "/data?restype=container&comp=list&prefix=dir/&maxresults=1")
            #expect(below.text.contains("dir/one</Name>") && below.text.contains("<NextMarker>dir/two</NextMarker>"))
            let rest = try await session.call(.get, "/data?restype=container&comp=list&prefix=dir/&marker=dir/two")
            #expect(rest.text.contains("<Name>dir/two</Name>") && !rest.text.contains("<Name>dir/one"))
            #expect(
                try await session.call(.get, "/data?restype=container&comp=list&maxresults=x").status == .badRequest)
        }
    }

    @Test("Account and service properties answer")
    func account() async throws {
        try await TestService.run { _, session in
            let session = try accountSession(session)
            let account = try await session.call(.get, "/?restype=account&comp=properties")
            #expect(account.status == .ok && account.header("x-ms-account-kind") == "StorageV2")
            let service = try await session.call(.get, "/?restype=service&comp=properties")
            #expect(service.text.contains("<StorageServiceProperties>"))
        }
    }

    @Test(
        "What is not built is 501 and named",
        arguments: [
            (HTTPRequest.Method.put, "/data/a?comp=lease"), (.get, "/data/a?comp=tags"), (.get, "/data/a?snapshot=1"),
            (.put, "/data?restype=container&comp=acl"), (.post, "/?comp=batch"), (.get, "/data?resource=filesystem"),
            (.patch, "/data/a?action=append"), (.get, "/data"), (.put, "/data/a?comp=page"),
        ])
    func notBuilt(_ method: HTTPRequest.Method, _ target: String) async throws {
        try await TestService.run { _, session in
            let answer = try await accountSession(session).call(method, target)
            #expect(answer.status == .notImplemented && answer.errorCode == "NotImplemented")
            #expect(answer.text.contains(method.rawValue))
        }
    }

    @Test(
        "Names that try to leave their container are 400 and touch nothing",
        arguments: [
            "..%2Fx", "%2E%2E/x", "a/..%2F..%2Fx", "a%2F..%2F..%2Fx", "a//b", "a/", "%2Fetc/passwd", "a%5C..%5Cb",
            "a%00b", "%ff", "a/./b",
        ])
    func traversal(_ name: String) async throws {
        try await TestService.run { service, _ in
            let signature = try SharedAccessSignature.issue(
                account: "lazuli", key: TestAccounts.keys["lazuli"] ?? [], expiry: Date().addingTimeInterval(60))
            try await service.application.test(.router) { client in
                let answer = try await Session(client: client, signature: signature).put(name, "x")
                #expect(answer.status == .badRequest)
                #expect(["InvalidResourceName", "InvalidUri"].contains(answer.errorCode))
            }
            let below = FileManager.default.enumerator(atPath: service.root.path)?.allObjects as? [String]
            #expect(below?.sorted() == ["lazuli", "lazuli/data"])
        }
    }
}

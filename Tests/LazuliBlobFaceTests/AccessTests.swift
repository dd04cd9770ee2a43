import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliArtifacts
import LazuliResources
import Testing

@testable import LazuliBlobFace

struct AccessTests {
    private func sharedKey(
        _ method: String, _ path: String, _ query: [(name: String, value: String)], account: String = "lazuli",
        key: [UInt8]? = nil, at date: Date = Date(), _ headers: [String: String] = [:]
    ) -> [String: String] {
        var headers = headers
        headers["x-ms-date"] = HTTPDate.text(date)
        let signature = SharedKeySignature(account: account, method: method, path: path, query: query, headers: headers)
        headers["Authorization"] =
            "SharedKey \(account):" + signature.signed(with: key ?? TestAccounts.keys[account] ?? [])
        return headers
    }

    @Test("A request signed with the account's key may do everything")
    func keys() async throws {
        try await TestService.run { _, session in
            let session = session.with("")
            let headers = sharedKey("PUT", "/fresh", [("restype", "container")])
            let created = try await session.call(.put, "/fresh?restype=container", headers)
            #expect(created.status == .created)
            let list = sharedKey("GET", "/", [("comp", "list")])
            let listed = try await session.call(.get, "/?comp=list", list)
            #expect(listed.text.contains("fresh"))
            let put = sharedKey("PUT", "/data/a%20b", [], ["content-length": "1", "x-ms-blob-type": "BlockBlob"])
            let written = try await session.call(.put, "/data/a%20b", put, body: "x")
            #expect(written.status == .created)
        }
    }

    @Test("Wrong keys, unknown accounts, old dates and changed requests are 403")
    func wrongKeys() async throws {
        try await TestService.run { _, session in
            let session = session.with("")
            let wrong = [
                sharedKey("HEAD", "/data/a", [], key: [1, 2, 3]), sharedKey("HEAD", "/data/a", [], account: "nobody"),
                sharedKey("HEAD", "/data/a", [], at: Date().addingTimeInterval(-3600)), sharedKey("GET", "/data/a", []),
                ["Authorization": "SharedKey lazuli", "x-ms-date": HTTPDate.text(Date())],
                ["Authorization": "SharedKey lazuli:AAAA"],
            ]
            for headers in wrong {
                let answer = try await session.call(.head, "/data/a", headers)
                #expect(answer.status == .forbidden && answer.errorCode == "AuthenticationFailed")
            }
        }
    }

    @Test("Without a credential the answer is 401, and nothing is told")
    func anonymous() async throws {
        try await TestService.run { _, session in
            for target in ["/data/a", "/none/a", "/data?comp=lease", "/?comp=list"] {
                let answer = try await session.with("").call(.get, target)
                #expect(answer.status == .unauthorized && answer.errorCode == "NoAuthenticationInformation")
            }
        }
    }

    @Test("A signature opens its container, for its permissions, for its time")
    func signatures() async throws {
        try await TestService.run { service, session in
            try service.store.createContainer(ContainerAddress(account: "lazuli", container: "other"))
            try await session.put("a", "x")
            #expect(try await session.call(.head, "/other/a").errorCode == "AuthenticationFailed")
            let reader = session.with(try TestService.signature("r"))
            #expect(try await reader.call(.get, "/data/a").text == "x")
            let forbidden = try await reader.put("a", "y")
            #expect(forbidden.status == .forbidden && forbidden.errorCode == "AuthorizationPermissionMismatch")
            #expect(try await reader.call(.delete, "/data/a").status == .forbidden)
            #expect(try await reader.call(.get, "/data?restype=container&comp=list").status == .forbidden)
            let old = session.with(try TestService.signature("r", lifetime: -1))
            #expect(try await old.call(.get, "/data/a").errorCode == "AuthenticationFailed")
            let single = session.with(try TestService.signature("r", blob: "a"))
            #expect(try await single.call(.get, "/data/a").status == .ok)
            #expect(try await single.call(.get, "/data/b").errorCode == "AuthenticationFailed")
        }
    }

    @Test("The permission to create does not reach blobs that exist")
    func createOnly() async throws {
        try await TestService.run { _, session in
            let creator = session.with(try TestService.signature("c"))
            #expect(try await creator.put("a", "one").status == .created)
            let again = try await creator.put("a", "two")
            #expect(again.status == .forbidden && again.errorCode == "UnauthorizedBlobOverwrite")
            #expect(try await session.call(.get, "/data/a").text == "one")
        }
    }

    @Test("A signature that does not name its account is tried with those that have the container")
    func namelessSignature() async throws {
        try await TestService.run { service, session in
            try service.store.createContainer(ContainerAddress(account: "second", container: "data"))
            let signature = try TestService.signature(account: "second").replacing(
                "&\(SharedAccessSignature.accountItem)=second", with: "")
            try await session.with(signature).put("a", "in second")
            #expect(FileManager.default.fileExists(atPath: service.root.appending(path: "second/data/a").path))
            let forged = try TestService.signature(account: "second").replacing("=second", with: "=lazuli")
            #expect(try await session.with(forged).call(.head, "/data/a").errorCode == "AuthenticationFailed")
        }
    }

    @Test("A token's owner needs the role, and the account must be clear")
    func tokens() async throws {
        try await TestService.run { service, session in
            let session = session.with("")
            let writer = ["Authorization": "Bearer writer", "x-ms-blob-type": "BlockBlob"]
            #expect(try await session.call(.put, "/data/a", writer, body: "x").status == .created)
            #expect(try await session.call(.get, "/data/a", ["Authorization": "Bearer reader"]).text == "x")
            let forbidden = try await session.call(.delete, "/data/a", ["Authorization": "Bearer reader"])
            #expect(forbidden.status == .forbidden && forbidden.text.contains("blobs/delete"))
            let expired = try await session.call(.get, "/data/a", ["Authorization": "Bearer old"])
            #expect(expired.status == .unauthorized && expired.errorCode == "InvalidAuthenticationInfo")
            try service.store.createContainer(ContainerAddress(account: "second", container: "data"))
            let unclear = try await session.call(.get, "/data/a", ["Authorization": "Bearer reader"])
            #expect(unclear.status == .badRequest && unclear.text.contains("lazuli, second"))
            let named = ["Authorization": "Bearer reader", "x-ms-lazuli-account": "lazuli"]
            #expect(try await session.call(.get, "/data/a", named).text == "x")
        }
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LazuliArtifacts
import LazuliDomain
import LazuliResources
import Logging
import Synchronization

@testable import LazuliBlobFace

/// Two accounts, whose keys are known.
struct TestAccounts: StorageAccounts {
    static let keys = ["lazuli": [UInt8](0..<64), "second": [UInt8](64..<128)]

    func key(ofAccount account: String) async throws -> [UInt8]? { Self.keys[account] }
    func owner(ofAccount account: String) async throws -> String? {
        Self.keys[account] == nil ? nil : "/workspaces/\(account)"
    }
    func accounts() async throws -> [String] { Self.keys.keys.sorted() }
}

struct TestTokens: TokenVerifier {
    func caller(ofToken token: String) async throws -> Caller {
        guard token == "reader" || token == "writer" else {
            throw ServiceError(.unauthenticated, "The token expired. Sign in again.")
        }
        return Caller(objectID: token, name: token)
    }
}

struct TestAuthorizer: Authorizer {
    func require(_ action: String, of caller: Caller, at scope: String) async throws {
        guard scope.hasPrefix("/workspaces/"), caller.name == "writer" || action.hasSuffix("/read") else {
            throw ServiceError(.forbidden, "\(caller.name) may not \(action).", target: action)
        }
    }
}

/// The face over a store in a folder of its own, which goes with the value.
final class TestService: Sendable {
    let root = FileManager.default.temporaryDirectory.appending(path: "lazuli-face-\(UUID().uuidString)")
    let store: BlobStore

    init() throws {
        store = BlobStore(root: root)
        try store.createContainer(ContainerAddress(account: "lazuli", container: "data"))
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var application: some ApplicationProtocol {
        let face = BlobFace(
            store: store, accounts: TestAccounts(), tokens: TestTokens(), authorizer: TestAuthorizer(),
            logger: Logger(label: "test"))
        return Application(responder: face, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    }

    /// Runs calls against the face without a socket.
    static func run<Value>(
        _ setup: TestingSetup = .router, _ body: @Sendable (TestService, Session) async throws -> Value
    ) async throws -> Value {
        let service = try TestService()
        return try await service.application.test(setup) { client in try await body(service, Session(client: client)) }
    }

    static func signature(
        _ permissions: String = "racwdl", account: String = "lazuli", container: String = "data", blob: String? = nil,
        lifetime: TimeInterval = 600
    ) throws -> String {
        try SharedAccessSignature.issue(
            account: account, key: TestAccounts.keys[account] ?? [], container: container, blob: blob,
            permissions: permissions, expiry: Date().addingTimeInterval(lifetime))
    }
}

/// Calls with a credential.
struct Session {
    let client: any TestClientProtocol
    /// A query string; empty for none.
    var signature = (try? TestService.signature()) ?? ""

    func call(
        _ method: HTTPRequest.Method, _ target: String, _ headers: [String: String] = [:], body: String? = nil
    ) async throws -> TestResponse {
        let separator = target.contains("?") ? "&" : "?"
        var fields = HTTPFields()
        for (name, value) in headers { fields.set(name, value) }
        return try await client.executeRequest(
            uri: signature.isEmpty ? target : target + separator + signature, method: method, headers: fields,
            body: body.map { ByteBuffer(string: $0) })
    }

    @discardableResult
    func put(_ name: String, _ text: String, _ headers: [String: String] = [:]) async throws -> TestResponse {
        try await call(.put, "/data/\(name)", ["x-ms-blob-type": "BlockBlob"].merging(headers) { $1 }, body: text)
    }

    func with(_ signature: String) -> Session { Session(client: client, signature: signature) }
}

extension TestResponse {
    var text: String { String(buffer: body) }
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
    var errorCode: String? { header("x-ms-error-code") }
}

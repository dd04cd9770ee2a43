import Crypto
import Foundation
import LazuliConformance
import LazuliDomain
import LazuliEndpoints
import LazuliResources
import Logging
import NIOCore
import NIOSSL
import SwiftASN1
import X509

@testable import LazuliScoringFace

/// A gateway that listens on a free port, and an endpoint `e` with the key `key`.
struct GatewayBench {
    static let scope = WorkspaceScope(subscription: "s", resourceGroup: "g", workspace: "w")

    let listener: ScoringListener
    let port: Int
    /// For the sockets of replicas.
    let folder: URL

    /// Listens for as long as the body runs.
    static func with(
        _ limits: Gateway.Settings = .init(), _ body: (GatewayBench) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let listener = try await ScoringListener(
                .init(
                    host: "127.0.0.1", port: 0, address: "http://127.0.0.1:7703", tls: try TestCertificate.context(),
                    tokens: FakeTokens(), authorizer: FakeRoles(),
                    page: { file, endpoint in
                        file == "index.html" ? (Array("<p>\(endpoint)</p>".utf8), "text/html") : nil
                    }), gateway: limits, clock: .system, logger: Logger(label: "test"))
            let channel = try await listener.listen()
            let port = channel.localAddress?.port ?? 0
            try await body(GatewayBench(listener: listener, port: port, folder: folder))
            try await channel.close()
        }
    }

    /// With one deployment, `blue`, of one replica.
    static func withReplica(
        _ limits: Gateway.Settings = .init(),
        _ deed: @escaping @Sendable (FakeReplica.Request) -> FakeReplica.Deed = { _ in .answer() },
        _ body: (GatewayBench, FakeReplica) async throws -> Void
    ) async throws {
        try await with(limits) { bench in
            let replica = try await bench.replica("r", deed)
            await bench.publish([bench.deployment("blue", [replica])])
            try await body(bench, replica)
            try await replica.end()
        }
    }

    // MARK: - Pictures

    func replica(
        _ name: String, _ deed: @escaping @Sendable (FakeReplica.Request) -> FakeReplica.Deed = { _ in .answer() }
    ) async throws -> FakeReplica { try await FakeReplica.start(name, in: folder, deed) }

    func deployment(
        _ name: String, _ replicas: [FakeReplica], isComing: Bool = false, reason: String = "", timeout: Double = 30,
        queueWait: Double = 30
    ) -> ServedDeployment {
        var requests = RequestSettings()
        requests.timeout = timeout
        requests.queueWait = queueWait
        return ServedDeployment(
            id: DeploymentID(scope: Self.scope, endpoint: "e", name: name), requests: requests,
            replicas: replicas.map(\.address), isComing: isComing, reason: reason,
            log: RequestLogPlace(file: folder.appending(path: "\(name).log").path, keepsBodies: false))
    }

    /// - Parameter traffic: nil sends all of it to the first deployment.
    func publish(
        _ deployments: [ServedDeployment], traffic: [String: Int]? = nil, mirror: [String: Int] = [:],
        access: EndpointAccess = .keys(["key", "second"])
    ) async {
        let all = deployments.first.map { [$0.id.name: 100] } ?? [:]
        await listener.publish(
            ServedEndpoint(
                name: "e", scope: Self.scope, access: access, traffic: TrafficSplit(traffic ?? all),
                mirror: TrafficSplit(mirror), deployments: deployments))
    }

    // MARK: - Requests

    func client(tls: Bool = false) async throws -> TestClient { try await TestClient(port: port, tls: tls) }

    /// The text of a request to score.
    static func score(
        _ body: String = "{}", _ headers: [String] = [], key: String? = "key", version: String = "1.1",
        at path: String = "/endpoints/e/score"
    ) -> String {
        let credentials = key.map { ["Authorization: Bearer \($0)"] } ?? []
        let lines = credentials + headers + ["Content-Length: \(body.utf8.count)"]
        return "POST \(path) HTTP/\(version)\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    static func get(_ path: String, _ headers: [String] = []) -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost:7703\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// Asks on a connection of its own.
    func ask(_ text: String) async throws -> TestClient.Answer {
        let client = try await client()
        let answer = try await client.ask(text)
        try? await client.close()
        return answer
    }

    /// Asks the same so many times at once, each on a connection of its own.
    /// - Returns: the statuses, smallest first.
    func askAtOnce(_ count: Int, _ text: String = score()) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count { group.addTask { try await ask(text).status } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }
}

private struct FakeTokens: TokenVerifier {
    func caller(ofToken token: String) async throws -> Caller {
        guard token.hasPrefix("user-") else { throw ServiceError(.unauthenticated, "The token is malformed.") }
        return Caller(objectID: token, name: token)
    }
}

private struct FakeRoles: Authorizer {
    func require(_ action: String, of caller: Caller, at scope: String) async throws {
        guard caller.name == "user-ada", scope == GatewayBench.scope.id,
            action.hasSuffix("onlineEndpoints/score/action")
        else { throw ServiceError(.forbidden, "\(caller.name) may not \(action).") }
    }
}

/// A certificate that nobody trusts.
enum TestCertificate {
    static func context() throws -> NIOSSLContext {
        let key = P256.Signing.PrivateKey(), now = Date()
        let name = try DistinguishedName { CommonName("localhost") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: now.addingTimeInterval(-60), notValidAfter: now.addingTimeInterval(3_600), issuer: name,
            subject: name, extensions: Certificate.Extensions {}, issuerPrivateKey: .init(key))
        let chain = try NIOSSLCertificate(bytes: Array(try certificate.serializeAsPEM().pemString.utf8), format: .pem)
        let secret = try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(chain)], privateKey: .privateKey(secret)))
    }
}

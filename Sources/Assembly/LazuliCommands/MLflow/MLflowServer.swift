import Foundation
import LazuliClient
import LazuliResources

/// An MLflow server of any make, at an address.
struct MLflowServer: Sendable {
    /// The tracking URI, without a slash at the end.
    let address: String
    let transport: Transport
    /// The value of the header `Authorization`; nil for a server that asks for none.
    let authorization: @Sendable () async throws -> String?

    /// The workspace of a session.
    init(_ session: Session) {
        let profile = session.connection.profile, tokens = session.connection.tokens
        address = (profile.http ?? profile.api) + "/mlflow/v2.0" + session.scope.id
        transport = session.connection.transport
        authorization = { "Bearer " + (try await tokens.token()) }
    }

    /// Another server; who asks is told by the variables that MLflow's own client reads.
    init(address: String, transport: Transport, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.transport = transport
        let header: String?
        if let user = environment["MLFLOW_TRACKING_USERNAME"], let password = environment["MLFLOW_TRACKING_PASSWORD"] {
            header = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        } else {
            header = environment["MLFLOW_TRACKING_TOKEN"].map { "Bearer " + $0 }
        }
        authorization = { header }
    }

    /// How to connect to a server that no profile knows.
    static func profile(of address: String) -> Profile {
        Profile(
            api: address, certificateAuthority: ProcessInfo.processInfo.environment["MLFLOW_TRACKING_SERVER_CERT_PATH"],
            credential: .identityHeader(""), tenant: "",
            scope: WorkspaceScope(subscription: "", resourceGroup: "", workspace: ""),
            remedy: "Check the address and that the server runs.")
    }

    func get(_ path: String, _ query: [(String, String)] = []) async throws -> JSON {
        try await send(request("GET", path, query)).json()
    }

    func post(_ path: String, _ body: JSON) async throws -> JSON {
        var request = request("POST", path)
        request.body = body.bytes
        request.headers.append(("Content-Type", "application/json"))
        return try await send(request).json()
    }

    func upload(_ file: String, to path: String) async throws {
        var request = request("PUT", "2.0/mlflow-artifacts/artifacts/" + PercentEncoding.path(path))
        request.file = file
        request.timeout = Self.transferTimeout
        request.headers.append(("Content-Type", "application/octet-stream"))
        _ = try await send(request)
    }

    func download(_ path: String, to file: String) async throws {
        var request = try await signed(request("GET", "2.0/mlflow-artifacts/artifacts/" + PercentEncoding.path(path)))
        request.timeout = Self.transferTimeout
        let answer = try await transport.download(request, to: file)
        guard answer.isSuccess else { throw ErrorEnvelope.error(in: answer, while: "reading \(path)") }
    }

    /// Seconds for one file: a slow line and a large model must not be cut off.
    private static let transferTimeout = 24 * 3600

    private func request(_ method: String, _ path: String, _ query: [(String, String)] = []) -> Request {
        let items = query.map { $0.0 + "=" + PercentEncoding.query($0.1) }.joined(separator: "&")
        return Request(method, "\(address)/api/\(path)" + (items.isEmpty ? "" : "?" + items))
    }

    private func signed(_ request: Request) async throws -> Request {
        var request = request
        // Servers of ours list the files of a run's logged models apart from its own to clients of MLflow 3.
        request.headers.append(("X-MLflow-Client-Version", "3"))
        if let header = try await authorization() { request.headers.append(("Authorization", header)) }
        return request
    }

    private func send(_ request: Request) async throws -> Answer {
        let answer = try await transport.send(try await signed(request))
        guard answer.isSuccess else {
            throw ErrorEnvelope.error(in: answer, while: "\(request.method) \(request.url)")
        }
        return answer
    }

    /// All items of a paged answer; `call` gets the token of the page.
    func pages(_ member: String, _ call: (String?) async throws -> JSON, take: ([JSON]) async throws -> Void)
        async throws
    {
        var token: String?
        repeat {
            let page = try await call(token)
            try await take(page[member].array ?? [])
            token = page["next_page_token"].string.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
    }
}

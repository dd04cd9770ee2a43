public import LazuliResources

/// Calls of the management face: JSON in, JSON out, the token and the version added, errors thrown.
public struct ARMClient: Sendable {
    public let profile: Profile
    let transport: Transport
    let tokens: TokenSource

    /// The version sent with calls whose path says none; the server takes any that the stock clients send.
    public static let version = "2024-10-01-preview"

    public init(profile: Profile, transport: Transport, tokens: TokenSource) {
        self.profile = profile
        self.transport = transport
        self.tokens = tokens
    }

    public func get(_ path: String, query: [(String, String)] = []) async throws -> JSON {
        try await call("GET", path, query: query).json()
    }

    public func post(_ path: String, _ body: JSON = .null, query: [(String, String)] = []) async throws -> JSON {
        try await call("POST", path, query: query, body: body).json()
    }

    /// The resource, or nil if the server has none of that name.
    public func find(_ path: String, query: [(String, String)] = []) async throws -> JSON? {
        do {
            return try await get(path, query: query)
        } catch let error as ServiceError where error.code == .notFound {
            return nil
        }
    }

    /// All items of a list, page after page, at most `limit`.
    public func list(_ path: String, query: [(String, String)] = [], limit: Int = .max) async throws -> [JSON] {
        var items: [JSON] = []
        var next: String? = url(path, query)
        while let address = next, items.count < limit {
            let page = try await send(Request("GET", address), deed: "listing \(path)").json()
            items += page["value"].array ?? []
            next = page["nextLink"].string
        }
        return Array(items.prefix(limit))
    }

    /// One call, its answer successful.
    public func call(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSON = .null
    ) async throws -> Answer {
        var request = Request(method, url(path, query))
        if !body.isNull {
            request.body = body.bytes
            request.headers.append(("Content-Type", "application/json"))
        }
        return try await send(request, deed: "\(method) \(path)")
    }

    /// Sends a request to any address of the server with this caller's token.
    func send(_ request: Request, deed: String) async throws -> Answer {
        var request = request
        request.headers.append(("Authorization", "Bearer " + (try await tokens.token())))
        request.headers.append(("Accept", "application/json"))
        let answer = try await transport.send(request)
        guard answer.isSuccess else { throw ErrorEnvelope.error(in: answer, while: deed) }
        return answer
    }

    /// The address of a path; paths that are whole URLs stay as they are.
    func url(_ path: String, _ query: [(String, String)]) -> String {
        var address = path.hasPrefix("https://") || path.hasPrefix("http://") ? path : profile.api + path
        var items = query
        if !address.contains("api-version=") && !items.contains(where: { $0.0 == "api-version" }) {
            items.append(("api-version", Self.version))
        }
        let text = items.map { $0.0 + "=" + PercentEncoding.query($0.1) }.joined(separator: "&")
        if !text.isEmpty { address += (address.contains("?") ? "&" : "?") + text }
        return address
    }
}

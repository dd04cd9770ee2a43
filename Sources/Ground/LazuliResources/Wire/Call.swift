/// One request after its face has read it: no bytes, no sockets, no decisions made.
public struct Call: Sendable {
    public var method: String
    /// The names that filled the `{…}` places of the route's path, by place.
    public var parameters: [String: String]
    /// The workspace as it is stored, once the face has found it.
    public var workspace: WorkspaceScope?
    /// Query items by lower-cased name.
    public var query: [String: String]
    /// The entity tag that the resource must have (RFC 9110, `If-Match`), or `*`.
    public var ifMatch: String?
    /// `*` when the resource must not exist yet (RFC 9110, `If-None-Match`).
    public var ifNoneMatch: String?
    /// The body as JSON; null when there is none.
    public var body: JSON
    public var caller: Caller
    /// The server's own address as this client reaches it, `https://localhost:PORT`, for absolute URLs in answers.
    public var baseURL: String

    public init(
        method: String = "GET", parameters: [String: String] = [:], query: [String: String] = [:],
        ifMatch: String? = nil, ifNoneMatch: String? = nil, body: JSON = .null, caller: Caller, baseURL: String
    ) {
        self.method = method
        self.parameters = parameters
        self.query = query
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
        self.body = body
        self.caller = caller
        self.baseURL = baseURL
    }

    /// The value of a `{place}` of the path.
    /// - Throws: `internalError` if the route has no such place: a fault of the route's row, not of the client.
    public func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else {
            throw ServiceError(.internalError, "The route has no place named {\(name)}.")
        }
        return value
    }

    /// The workspace that the path names.
    public func workspaceScope() throws -> WorkspaceScope {
        try workspace
            ?? WorkspaceScope(
                subscription: parameter("subscription"), resourceGroup: parameter("resourceGroup"),
                workspace: parameter("workspace"))
    }
}

/// The answer to a call, before a face turns it into bytes.
public struct Reply: Sendable {
    public enum Body: Sendable {
        case none
        case json(JSON)
        /// UTF-8 JSON text that is ready as it is.
        case text([UInt8])
    }

    public var status: Int
    /// Sent as `ETag`.
    public var entityTag: String?
    /// Where the end of what this call began is told; nil when it has ended already.
    public var operation: LongRunningOperation?
    public var body: Body

    public init(
        status: Int, entityTag: String? = nil, operation: LongRunningOperation? = nil, body: Body = .none
    ) {
        self.status = status
        self.entityTag = entityTag
        self.operation = operation
        self.body = body
    }

    public static func json(_ status: Int = 200, _ body: JSON) -> Reply { Reply(status: status, body: .json(body)) }
    public static func status(_ status: Int) -> Reply { Reply(status: status) }
}

/// Work that goes on after its call was answered. Source: Azure's guidelines for long-running operations.
public struct LongRunningOperation: Sendable {
    /// The absolute address that tells the status.
    public var address: String
    /// Whole seconds that a client waits before it asks.
    public var retryAfter: Int

    public init(address: String, retryAfter: Int = 1) {
        self.address = address
        self.retryAfter = retryAfter
    }
}

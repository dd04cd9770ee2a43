public import LazuliResources

/// Where a Lazuli server is, and who asks.
public struct Profile: Sendable, Equatable {
    /// How the caller proves who he is when he asks for a token.
    public enum Credential: Sendable, Equatable {
        /// The secret of the managed-identity endpoint of a server on this machine, or of the job we run in.
        case identityHeader(String)
        /// A service principal, as `lazuli principal create` makes it.
        case clientSecret(tenant: String, client: String, secret: String)
    }

    /// `https://host:port`, without a slash at the end.
    public var api: String
    /// The managed-identity endpoint; `{api}/msi/token` unless the environment names another.
    public var identityEndpoint: String
    /// The plain-HTTP listener (studio, MLflow, scoring), where the server tells it.
    public var http: String?
    /// The proxy that answers for the cloud's host names, where the server tells it.
    public var proxy: String?
    /// A PEM file with the roots to trust; nil means the system's.
    public var certificateAuthority: String?
    public var credential: Credential
    public var tenant: String
    /// The workspace that commands mean when they name none.
    public var scope: WorkspaceScope
    /// What to type when the server does not answer.
    public var remedy: String

    public init(
        api: String, http: String? = nil, proxy: String? = nil, certificateAuthority: String? = nil,
        credential: Credential,
        tenant: String, scope: WorkspaceScope, identityEndpoint: String? = nil,
        remedy: String = "Start it with: lazuli up"
    ) {
        self.api = api.hasSuffix("/") ? String(api.dropLast()) : api
        self.http = http
        self.proxy = proxy
        self.certificateAuthority = certificateAuthority
        self.credential = credential
        self.tenant = tenant
        self.scope = scope
        self.identityEndpoint = identityEndpoint ?? self.api + "/msi/token"
        self.remedy = remedy
    }
}

import LazuliAccess
import LazuliResources

/// The documents that clients read before they have a token. They ask for the first one constantly: it is bytes, ready.
struct IdentityDocuments: Sendable {
    /// `GET /metadata/endpoints`: our cloud, as the stock SDK learns of it.
    let metadata: [UInt8]
    private let settings: IdentitySettings

    init(_ settings: IdentitySettings) {
        self.settings = settings
        let own = JSON.string(settings.baseURL + "/")
        let cloud: JSON = [
            "name": .string(IdentitySettings.cloudName),
            "portal": .string(IdentitySettings.portal),
            "resourceManager": own,
            "authentication": [
                // Without a port: clients that take this one up keep only its host name.
                "loginEndpoint": "https://login.microsoftonline.com/",
                "audiences": [own], "tenant": "common", "identityProvider": "AAD",
            ],
            "suffixes": ["storage": .string(settings.storageSuffix)],
        ]
        metadata = JSON.array([cloud]).bytes
    }

    /// The OpenID discovery document of an authority.
    /// - Parameters:
    ///   - path: the authority's own path, `/adfs/{tenant}` or `/{tenant}`.
    ///   - host: the host that was asked. The cloud's own, which the proxy leads here, answers under its own name.
    func discovery(path: String, issuer: String, tenant: String, host: String) -> JSON {
        let isCloud = host.lowercased() == Self.cloudHost
        let authority = (isCloud ? "https://" + Self.cloudHost : settings.baseURL) + path
        let issuer = isCloud ? "https://\(Self.cloudHost)/\(tenant)/v2.0" : issuer
        return [
            "issuer": .string(issuer),
            "authorization_endpoint": .string(authority + "/oauth2/v2.0/authorize"),
            "token_endpoint": .string(authority + "/oauth2/v2.0/token"),
            "device_authorization_endpoint": .string(authority + "/oauth2/v2.0/devicecode"),
            "jwks_uri": .string(authority + "/discovery/keys"),
            "response_types_supported": ["code", "id_token"],
            "response_modes_supported": ["query", "form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "scopes_supported": ["openid", "profile", "offline_access"],
        ]
    }

    /// Where the cloud's users sign in.
    private static let cloudHost = "login.microsoftonline.com"

    /// The answer to "which authorities are one and the same", which clients of the cloud's own authority ask first.
    func instances(tenant: String) -> JSON {
        [
            "tenant_discovery_endpoint":
                .string("https://\(Self.cloudHost)/\(tenant)/v2.0/.well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": [
                [
                    "preferred_network": .string(Self.cloudHost), "preferred_cache": "login.windows.net",
                    "aliases": [
                        .string(Self.cloudHost), "login.windows.net", "login.microsoft.com", "sts.windows.net",
                    ],
                ]
            ],
        ]
    }
}

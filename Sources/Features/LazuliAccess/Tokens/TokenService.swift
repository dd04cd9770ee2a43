import JWTKit
public import LazuliDomain
public import LazuliResources

/// Issues and verifies access tokens: JWTs signed with ES256 under the server's own key.
public struct TokenService: TokenVerifier, TokenIssuer {
    /// What a token lives when nothing else is asked: a day less a second, as Azure's do.
    public static let usualLifetimeSeconds = 86_399

    private let collection: JWTKeyCollection
    private let keyID: JWKIdentifier
    private let verified = VerifiedTokens()
    private let directory: AccessDirectory
    private let clock: WallClock
    /// What every issuer begins with: `https://localhost:PORT/adfs/`.
    private let issuerPrefix: String
    /// The tenant that answers name when the client's own is unknown: a GUID that lives as long as the signing key.
    public let tenantID: String
    /// The public keys, for `jwks_uri`.
    public let keySet: JSON

    init(keys: SigningKeys, baseURL: String, directory: AccessDirectory, clock: WallClock) async throws {
        collection = JWTKeyCollection()
        let name = keys.tokenKeyID
        keyID = JWKIdentifier(string: name)
        await collection.add(ecdsa: try ES256PrivateKey(backing: keys.token), kid: keyID)
        let (x, y) = keys.tokenCoordinates
        let published: JSON = [
            "kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": .string(name), "x": .string(x),
            "y": .string(y),
        ]
        keySet = ["keys": [published]]
        self.directory = directory
        self.clock = clock
        issuerPrefix = baseURL + "/adfs/"
        tenantID = GUIDText.derived(from: name)
    }

    /// The `iss` of tokens, and of the discovery document of a tenant.
    public func issuer(tenant: String) -> String { issuerPrefix + tenant }

    // MARK: Issuing

    public func token(for caller: Caller, audience: String, lifetimeSeconds: Int) async throws -> String {
        guard let principal = directory.principal(objectID: caller.objectID) else {
            throw ServiceError(
                .unauthenticated, "\"\(caller.name)\" was deleted; no token can be made for them.",
                target: caller.objectID)
        }
        return try await token(
            for: principal, audience: audience, tenant: tenantID, lifetimeSeconds: lifetimeSeconds, run: caller.run)
    }

    /// - Parameters:
    ///   - tenant: as the client named it; it appears in the issuer alone.
    ///   - run: the run whose program gets the token.
    public func token(
        for principal: Principal, audience: String, tenant: String,
        lifetimeSeconds: Int = TokenService.usualLifetimeSeconds, run: String? = nil
    ) async throws -> String {
        let now = seconds
        let isPerson = principal.kind == .user
        let claims = AccessClaims(
            aud: audience, iss: issuer(tenant: tenant), iat: now, nbf: now, exp: now + lifetimeSeconds,
            oid: principal.objectID, sub: principal.objectID, tid: tenant, appid: principal.clientID,
            idtyp: isPerson ? "user" : "app", name: principal.displayName,
            upn: isPerson ? principal.displayName : nil, ver: "1.0", run: run)
        return try await collection.sign(claims, kid: keyID)
    }

    /// A token that tells a client who signed in; it opens nothing.
    func identityToken(for principal: Principal, clientID: String, tenant: String) async throws -> String {
        let now = seconds
        let claims = IdentityClaims(
            aud: clientID, iss: issuer(tenant: tenant), iat: now, nbf: now, exp: now + Self.usualLifetimeSeconds,
            oid: principal.objectID, sub: principal.objectID, tid: tenant, name: principal.displayName,
            preferred_username: principal.displayName, ver: "1.0")
        return try await collection.sign(claims, kid: keyID)
    }

    /// When a token that is issued now ends, in seconds since 1970.
    public func expiry(lifetimeSeconds: Int = TokenService.usualLifetimeSeconds) -> Int { seconds + lifetimeSeconds }

    private var seconds: Int { Int(clock.now() / 1000) }

    // MARK: Verifying

    public func caller(ofToken token: String) async throws -> Caller {
        let entry: VerifiedTokens.Entry
        if let known = verified.entry(of: token) {
            entry = known
        } else {
            entry = try await verify(token)
            verified.keep(entry, for: token)
        }
        guard seconds < entry.expires else {
            throw Self.refusal(
                "The access token expired at \(Timestamp.text(Int64(entry.expires) * 1000)). "
                    + "Ask the credential for a new one; stock clients do so by themselves.")
        }
        guard let principal = directory.principal(objectID: entry.objectID) else {
            throw Self.refusal("The principal of this access token was deleted. Sign in as another one.")
        }
        return Caller(objectID: principal.objectID, name: principal.displayName, run: entry.run)
    }

    private func verify(_ token: String) async throws -> VerifiedTokens.Entry {
        let claims: AccessClaims
        do {
            claims = try await collection.verify(token, as: AccessClaims.self)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw Self.refusal(
                "The access token is malformed: it is not three base64url parts with the claims of an access token. "
                    + "Pass what get_token() returned, unchanged.", cause: error)
        } catch {
            throw Self.refusal(
                "The access token is not signed by this server: it is forged, damaged, or from another state folder. "
                    + "Get a new one from \(issuerPrefix).", cause: error)
        }
        guard claims.iss.hasPrefix(issuerPrefix) else {
            throw Self.refusal(
                "The access token was issued by \(claims.iss), not by \(issuerPrefix). Sign in again at this address.")
        }
        guard claims.nbf <= seconds else {
            throw Self.refusal(
                "The access token is not valid before \(Timestamp.text(Int64(claims.nbf) * 1000)). "
                    + "The clock of this server was set back; wait, or get a new token.")
        }
        return VerifiedTokens.Entry(objectID: claims.oid, expires: claims.exp, run: claims.run)
    }

    private static func refusal(_ message: String, cause: (any Error)? = nil) -> ServiceError {
        ServiceError(.unauthenticated, message, cause: cause.map { "\($0)" })
    }
}

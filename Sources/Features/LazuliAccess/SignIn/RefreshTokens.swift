import LazuliResources

/// Lets a person's client go on without asking them again.
///
/// Stateless like sign-in keys: `r1.<object id>.<client id>.<expiry>` under a seal; void when the principal is deleted.
struct RefreshTokens: Sendable {
    private static let lifetimeSeconds = 90 * 86_400

    let seal: Seal
    let directory: AccessDirectory
    let clock: WallClock

    func issue(for principal: Principal, clientID: String) -> String {
        let expires = Int(clock.now() / 1000) + Self.lifetimeSeconds
        return seal.sealed("r1.\(principal.objectID).\(Base64URL.text(clientID.utf8)).\(expires)")
    }

    func principal(of token: String, clientID: String) throws(OAuthError) -> Principal {
        let parts = (seal.opened(token) ?? "").split(separator: ".").map(String.init)
        guard parts.count == 4, let expires = Int(parts[3]), parts[2] == Base64URL.text(clientID.utf8) else {
            throw .invalidGrant("The refresh token is not one that this server gave to this client. Sign in again.")
        }
        guard Int(clock.now() / 1000) < expires else {
            throw .invalidGrant("The refresh token expired after 90 days. Sign in again.")
        }
        guard let principal = directory.principal(objectID: parts[1]) else {
            throw .invalidGrant("The principal of this refresh token was deleted.")
        }
        return principal
    }
}

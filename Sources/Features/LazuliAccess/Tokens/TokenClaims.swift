import JWTKit

/// What an access token says. Times are seconds since 1970.
///
/// Without `tid` the stock SDK prints a line for every job it shows; with it, it appends the tenant to studio links.
struct AccessClaims: JWTPayload {
    /// Exactly as it was asked for.
    let aud: String
    let iss: String
    let iat: Int
    let nbf: Int
    let exp: Int
    let oid: String
    let sub: String
    let tid: String
    let appid: String
    /// `user` or `app`. Identity tokens lack it, so that none passes for an access token.
    let idtyp: String
    let name: String
    /// Set for people.
    let upn: String?
    let ver: String
    /// Set for jobs: the run that the token was given to.
    let run: String?

    /// Times are checked against the service's clock, not here.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// What an identity token says, for the client's own display. MSAL reads all of these.
struct IdentityClaims: JWTPayload {
    /// The client that asked.
    let aud: String
    let iss: String
    let iat: Int
    let nbf: Int
    let exp: Int
    let oid: String
    let sub: String
    let tid: String
    let name: String
    let preferred_username: String
    let ver: String

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

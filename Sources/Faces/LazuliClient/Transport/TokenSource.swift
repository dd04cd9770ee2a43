import Foundation
import LazuliResources

/// Gets bearer tokens, one at a time, and keeps each until a minute before it ends.
public actor TokenSource {
    private let profile: Profile
    private let transport: Transport
    private var kept: [String: (token: String, until: Date)] = [:]

    public init(profile: Profile, transport: Transport) {
        self.profile = profile
        self.transport = transport
    }

    /// A token for this audience; nil means the server's own API.
    public func token(for audience: String? = nil) async throws -> String {
        let audience = audience ?? profile.api
        if let known = kept[audience], known.until > Date() { return known.token }
        let answer = try await transport.send(request(for: audience))
        guard answer.isSuccess else { throw ErrorEnvelope.error(in: answer, while: "asking for a token") }
        let body = try answer.json()
        guard let token = body["access_token"].string else {
            throw ServiceError(.unauthenticated, "The server's answer to the token request has no access_token.")
        }
        kept[audience] = (token, expiry(of: body))
        return token
    }

    private func expiry(of body: JSON) -> Date {
        let early = 60.0
        if let moment = body["expires_on"].scalarText.flatMap(Double.init) {
            return Date(timeIntervalSince1970: moment - early)
        }
        return Date(timeIntervalSinceNow: (body["expires_in"].scalarText.flatMap(Double.init) ?? 300) - early)
    }

    private func request(for audience: String) -> Request {
        switch profile.credential {
        case .identityHeader(let header):
            let query = "api-version=2019-08-01&resource=" + PercentEncoding.query(audience)
            return Request(
                "GET", profile.identityEndpoint + "?" + query, headers: [("X-IDENTITY-HEADER", header)], timeout: 30)
        case .clientSecret(let tenant, let client, let secret):
            let form = [
                ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret),
                ("scope", audience + "/.default"),
            ].map { $0 + "=" + PercentEncoding.query($1) }.joined(separator: "&")
            return Request(
                "POST", "\(profile.api)/adfs/\(PercentEncoding.segment(tenant))/oauth2/v2.0/token",
                headers: [("Content-Type", "application/x-www-form-urlencoded")], body: Array(form.utf8), timeout: 30)
        }
    }
}

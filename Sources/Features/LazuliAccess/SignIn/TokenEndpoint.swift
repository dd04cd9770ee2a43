public import LazuliResources

/// The OAuth 2.0 token endpoint: client credentials, device codes and refresh tokens.
public struct TokenEndpoint: Sendable {
    static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
    private static let pollSeconds = 1

    let principals: PrincipalService
    let tokens: TokenService
    let deviceCodes: DeviceCodes
    let refreshTokens: RefreshTokens

    /// Answers a token request.
    /// - Parameters:
    ///   - form: the fields of the body, by name.
    ///   - tenant: as the path names it; any GUID or name does.
    public func answer(_ form: [String: String], tenant: String) async throws -> JSON {
        switch form["grant_type"] {
        case "client_credentials": try await clientCredentials(form, tenant)
        case Self.deviceGrant, "device_code": try await deviceCode(form, tenant)
        case "refresh_token": try await refresh(form, tenant)
        case nil: throw OAuthError.invalidRequest("The field grant_type is missing.")
        case .some(let other):
            throw OAuthError.unsupportedGrant(
                "The grant type \"\(other)\" is not offered. Programs use client_credentials with a secret, "
                    + "people a device code; inside jobs and after `lazuli env` DefaultAzureCredential needs neither.")
        }
    }

    /// Begins a device sign-in.
    /// - Parameter verificationURL: the page on which the person approves.
    public func beginDeviceSignIn(_ form: [String: String], verificationURL: String) throws(OAuthError) -> JSON {
        let begun = try deviceCodes.begin(
            clientID: try Self.field("client_id", form), audience: try Self.audience(form))
        return [
            "user_code": .string(begun.userCode), "device_code": .string(begun.deviceCode),
            "verification_uri": .string(verificationURL),
            "verification_uri_complete": .string("\(verificationURL)?user_code=\(begun.userCode)"),
            "expires_in": JSON(begun.lifetimeSeconds), "interval": JSON(Self.pollSeconds),
            "message": .string(
                "To sign in, open \(verificationURL) and enter the code \(begun.userCode), "
                    + "or run: lazuli device approve \(begun.userCode)"),
        ]
    }

    private func clientCredentials(_ form: [String: String], _ tenant: String) async throws -> JSON {
        let clientID = try Self.field("client_id", form)
        guard form["client_assertion"] == nil else {
            throw OAuthError.invalidClient(
                "Certificates and federated assertions are not offered. Use the principal's client secret.")
        }
        let secret = try Self.field("client_secret", form)
        let audience = try Self.audience(form)
        guard let principal = try await principals.signedIn(clientID: clientID, secret: secret) else {
            throw OAuthError.invalidClient(
                "invalid_client: the client id \(clientID) and the secret do not belong together. Check AZURE_CLIENT_ID and "
                    + "AZURE_CLIENT_SECRET; `lazuli principal create` makes a new pair.")
        }
        return try await grant(to: principal, audience: audience, tenant: tenant)
    }

    private func deviceCode(_ form: [String: String], _ tenant: String) async throws -> JSON {
        let clientID = try Self.field("client_id", form)
        let (objectID, audience) = try deviceCodes.redeem(
            form["device_code"] ?? (try Self.field("code", form)), clientID: clientID)
        guard let principal = try? principals.named(objectID) else {
            throw OAuthError.invalidGrant("The person who approved the code was deleted since.")
        }
        return try await personalGrant(to: principal, audience: audience, clientID: clientID, tenant: tenant)
    }

    private func refresh(_ form: [String: String], _ tenant: String) async throws -> JSON {
        let clientID = try Self.field("client_id", form)
        let principal = try refreshTokens.principal(
            of: try Self.field("refresh_token", form), clientID: clientID)
        return try await personalGrant(
            to: principal, audience: try Self.audience(form), clientID: clientID, tenant: tenant)
    }

    private func grant(to principal: Principal, audience: String, tenant: String) async throws -> JSON {
        let lifetime = JSON(TokenService.usualLifetimeSeconds)
        return [
            "token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime,
            "expires_on": .string("\(tokens.expiry())"), "resource": .string(audience),
            "access_token": .string(try await tokens.token(for: principal, audience: audience, tenant: tenant)),
        ]
    }

    /// With what a person's client keeps besides: who they are, and how to go on later.
    private func personalGrant(
        to principal: Principal, audience: String, clientID: String, tenant: String
    ) async throws -> JSON {
        var answer = try await grant(to: principal, audience: audience, tenant: tenant)
        answer["scope"] = .string("\(audience)/.default")
        answer["refresh_token"] = .string(refreshTokens.issue(for: principal, clientID: clientID))
        answer["id_token"] = .string(
            try await tokens.identityToken(for: principal, clientID: clientID, tenant: tenant))
        let info: JSON = ["uid": .string(principal.objectID), "utid": .string(tenant)]
        answer["client_info"] = .string(Base64URL.text(info.bytes))
        return answer
    }

    private static func field(_ name: String, _ form: [String: String]) throws(OAuthError) -> String {
        guard let value = form[name], !value.isEmpty else { throw .invalidRequest("The field \(name) is missing.") }
        return value
    }

    private static func audience(_ form: [String: String]) throws(OAuthError) -> String {
        guard let audience = Audience.asked(scope: form["scope"], resource: form["resource"]) else {
            throw .invalidRequest("Say what the token is for: scope=<resource>/.default, or resource=<resource>.")
        }
        return audience
    }
}

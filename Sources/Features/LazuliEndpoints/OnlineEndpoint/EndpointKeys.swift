import LazuliPersistence
import LazuliResources

/// The calls that give out and renew an endpoint's credentials.
struct EndpointKeys: Sendable {
    let endpoints: DocumentService
    let secrets: EndpointSecrets
    let clock: WallClock
    /// Tells those who serve that the endpoint's secrets are others now.
    let changed: @Sendable (DocumentKey, WorkspaceScope) async throws -> Void

    var routes: [Route] {
        [
            endpoints.action("listKeys", list), endpoints.action("regenerateKeys", regenerate),
            endpoints.action("token", token),
        ]
    }

    private func list(_ call: Call) async throws -> Reply {
        let document = try await endpoints.document(OnlineEndpointKinds.endpoints.key(for: call), call)
        try Self.require("Key", of: document, else: "Ask for a token (`…/token`) instead of keys.")
        let secrets = secrets
        let (primary, secondary) = try await endpoints.database.write { database in
            (
                try secrets.secret(.primary, of: document.key, database),
                try secrets.secret(.secondary, of: document.key, database)
            )
        }
        return .json(200, ["primaryKey": .string(primary), "secondaryKey": .string(secondary)])
    }

    private func regenerate(_ call: Call) async throws -> Reply {
        let document = try await endpoints.document(OnlineEndpointKinds.endpoints.key(for: call), call)
        guard let type = call.body["keyType"].string.flatMap({ EndpointSecrets.Name(rawValue: $0.lowercased()) }),
            type != .tokens
        else {
            throw ServiceError(.invalidArgument, "keyType must be Primary or Secondary.", target: "$.keyType")
        }
        let secrets = secrets
        try await endpoints.database.write { _ = try secrets.renew(type, of: document.key, $0) }
        try await changed(document.key, try call.workspaceScope())
        return .status(200)
    }

    private func token(_ call: Call) async throws -> Reply {
        let document = try await endpoints.document(OnlineEndpointKinds.endpoints.key(for: call), call)
        try Self.require(
            "AMLToken", of: document,
            else: "Its callers show a key (`…/listKeys`), or for aad_token the token of their own sign-in.")
        let secrets = secrets, now = Int(clock.now() / 1000)
        let tokens = try await endpoints.database.write { try secrets.tokens(of: document.key, $0) }
        let expiry = now + EndpointTokens.lifetime
        return .json(
            200,
            [
                "accessToken": .string(tokens.token(expiry: expiry)), "tokenType": "Bearer",
                "expiryTimeUtc": JSON(expiry), "refreshAfterTimeUtc": JSON(now + EndpointTokens.refreshAfter),
            ])
    }

    private static func require(_ mode: String, of document: Document, else advice: String) throws {
        let actual = try document.body()["properties"]["authMode"].string ?? "Key"
        guard actual.lowercased() == mode.lowercased() else {
            throw ServiceError(
                .invalidArgument, "Endpoint \"\(document.key.name)\" has auth_mode \(actual). \(advice)",
                target: document.key.name)
        }
    }
}

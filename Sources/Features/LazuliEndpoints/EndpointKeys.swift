import Foundation
import GRDB
import LazuliPersistence
import LazuliResources

/// The two keys of an online endpoint: made on first asking, kept in the vault, made anew on request.
struct EndpointKeys: Sendable {
    let database: StateDatabase
    let vault: SecretVault
    let endpoints: DocumentService

    var routes: [Route] {
        [endpoints.action("listKeys", list), endpoints.action("regenerateKeys", regenerate)]
    }

    private func list(_ call: Call) async throws -> Reply {
        let document = try await endpoints.document(OnlineEndpointKinds.endpoints.key(for: call), call)
        let (primary, secondary) = try await keys(document.key)
        return .json(200, ["primaryKey": .string(primary), "secondaryKey": .string(secondary)])
    }

    private func regenerate(_ call: Call) async throws -> Reply {
        let document = try await endpoints.document(OnlineEndpointKinds.endpoints.key(for: call), call)
        let type = call.body["keyType"].string?.lowercased() ?? ""
        guard type == "primary" || type == "secondary" else {
            throw ServiceError(.invalidArgument, "keyType must be Primary or Secondary.", target: "$.keyType")
        }
        let vault = vault, key = Self.fresh()
        try await database.write { try vault.store(key, named: Self.name(document.key, type), in: $0) }
        return .status(200)
    }

    private func keys(_ key: DocumentKey) async throws -> (String, String) {
        let vault = vault
        return try await database.write { database in
            var found: [String] = []
            for type in ["primary", "secondary"] {
                let name = Self.name(key, type)
                let secret = try vault.secret(named: name, in: database) ?? Self.fresh()
                try vault.store(secret, named: name, in: database)
                found.append(secret)
            }
            return (found[0], found[1])
        }
    }

    private static func name(_ key: DocumentKey, _ type: String) -> String {
        "onlineEndpoint/\(key.scope)/\(key.name)/\(type)"
    }

    private static func fresh() -> String {
        Data((0..<24).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
            .replacing("/", with: "A").replacing("+", with: "B")
    }
}

import GRDB
package import LazuliPersistence
package import LazuliResources

/// Connections: the addresses and credentials of other services. Source: contract B13.
package enum ConnectionFeature {
    static let kind = DocumentKind(
        "WorkspaceConnections", singular: "connection", at: "connections",
        properties: .object(
            [
                .required("category", .string), .required("target", .string), .required("authType", .string),
                .optional("credentials", .any), .optional("isSharedToAll", .boolean), .optional("metadata", .map(.any)),
                .optional("expiryTime", .string), .optional("sharedUserList", .any), .optional("error", .string),
                .optional("useWorkspaceManagedIdentity", .boolean), .optional("peRequirement", .any),
                .optional("peStatus", .any), .optional("value", .any), .optional("valueFormat", .any),
            ] + .readOnly("createdByWorkspaceArmId", "group")),
        // The stock client takes 200 alone.
        createdStatus: 200)

    package static func routes(database: StateDatabase, vault: SecretVault, clock: WallClock) -> [Route] {
        var behaviour = DocumentBehaviour()
        behaviour.write = { _, body, key, _, database in
            var kept = body
            let credentials = body["properties"]["credentials"]
            if !credentials.isNull {
                try vault.store(credentials.text, named: secretName(key), in: database)
                kept["properties"]["credentials"] = .null
            }
            return kept
        }
        behaviour.remove = { document, _, database in
            try vault.remove(named: secretName(document.key), in: database)
        }
        let service = DocumentService(kind, database: database, clock: clock, behaviour: behaviour)
        return service.routes() + [
            service.action("listSecrets") { call in
                let document = try await service.document(kind.key(for: call), call)
                var resource = try await service.resource(document, call)
                let secret = try await database.read { try vault.secret(named: secretName(document.key), in: $0) }
                resource["properties"]["credentials"] = secret.flatMap { try? JSON(parsing: $0) } ?? .null
                return .json(200, resource)
            }
        ]
    }

    private static func secretName(_ key: DocumentKey) -> String { "connection/\(key.scope)/\(key.name)" }
}

import Foundation
import GRDB
import LazuliPersistence
import LazuliResources

/// The secrets of an online endpoint, kept in the vault: two keys, and what its tokens are sealed with. Each is made on
/// first asking.
struct EndpointSecrets: Sendable {
    enum Name: String, CaseIterable, Sendable { case primary, secondary, tokens }

    let vault: SecretVault

    func secret(_ name: Name, of endpoint: DocumentKey, _ database: Database) throws -> String {
        let place = Self.place(endpoint, name)
        if let known = try vault.secret(named: place, in: database) { return known }
        return try renew(name, of: endpoint, database)
    }

    @discardableResult
    func renew(
        _ name: Name, of endpoint: DocumentKey, to wanted: String? = nil, _ database: Database
    ) throws -> String {
        let secret = wanted ?? Self.fresh()
        try vault.store(secret, named: Self.place(endpoint, name), in: database)
        return secret
    }

    func remove(of endpoint: DocumentKey, _ database: Database) throws {
        for name in Name.allCases { try vault.remove(named: Self.place(endpoint, name), in: database) }
    }

    /// What the gateway asks callers for.
    func access(_ endpoint: DocumentKey, mode: String, _ database: Database) throws -> EndpointAccess {
        switch mode.lowercased() {
        case "amltoken": .tokens(try tokens(of: endpoint, database))
        case "aadtoken": .directory
        default:
            .keys([
                try secret(.primary, of: endpoint, database), try secret(.secondary, of: endpoint, database),
            ])
        }
    }

    func tokens(of endpoint: DocumentKey, _ database: Database) throws -> EndpointTokens {
        EndpointTokens(secret: try secret(.tokens, of: endpoint, database), endpoint: endpoint.name)
    }

    private static func place(_ endpoint: DocumentKey, _ name: Name) -> String {
        "onlineEndpoint/\(endpoint.scope)/\(endpoint.name)/\(name.rawValue)"
    }

    /// Letters and digits alone, so that a key can be pasted anywhere.
    private static func fresh() -> String {
        Data((0..<24).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
            .replacing("/", with: "A").replacing("+", with: "B")
    }
}

import Foundation
import LazuliDomain
package import LazuliPersistence
import GRDB
import LazuliResources

/// Storage accounts and their keys. The key of an account is a secret; only the blob service and privileged calls see it.
package struct StorageAccountService: StorageAccounts {
    let database: StateDatabase
    let vault: SecretVault

    package init(database: StateDatabase, vault: SecretVault) {
        self.database = database
        self.vault = vault
    }

    static func secretName(_ account: String) -> String { "storageAccount/\(account)" }

    package func key(ofAccount account: String) async throws -> [UInt8]? {
        // A key that a user made up need not be base64; clients could not sign with it, tokens of ours can.
        try await base64Key(ofAccount: account).map { Array(Data(base64Encoded: $0) ?? Data($0.utf8)) }
    }

    func base64Key(ofAccount account: String) async throws -> String? {
        let vault = vault
        return try await database.read { try vault.secret(named: Self.secretName(account), in: $0) }
    }

    package func owner(ofAccount account: String) async throws -> String? {
        try await workspace(ofAccount: account)?.scope.id
    }

    func workspace(ofAccount account: String) async throws -> WorkspaceRecord? {
        try await database.read { database in
            let sql = """
                SELECT workspace.* FROM storageAccount JOIN workspace ON workspace.key = storageAccount.workspace
                WHERE storageAccount.name = ?
                """
            return try WorkspaceRecord.fetchOne(database, sql: sql, arguments: [account])
        }
    }

    package func accounts() async throws -> [String] {
        try await database.read { try String.fetchAll($0, sql: "SELECT name FROM storageAccount ORDER BY name") }
    }
}

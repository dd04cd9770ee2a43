public import Crypto
public import GRDB
public import Foundation
import LazuliResources

/// Secrets at rest: AES-256-GCM under a key that lives beside the database, readable by its owner alone.
///
/// A secret is named by what it belongs to (`datastore/<scope>/<name>`); its name is bound into the cipher text, so
/// that a row copied under another name does not open.
public struct SecretVault: Sendable {
    private let key: SymmetricKey

    public init(key: SymmetricKey) { self.key = key }

    /// Opens the vault of a state folder, making its key on first use (mode 0600).
    public init(keyFile: URL) throws {
        if let bytes = try? Data(contentsOf: keyFile), bytes.count == 32 {
            key = SymmetricKey(data: bytes)
            return
        }
        key = SymmetricKey(size: .bits256)
        let bytes = key.withUnsafeBytes { Data($0) }
        let made = FileManager.default.createFile(
            atPath: keyFile.path, contents: bytes, attributes: [.posixPermissions: 0o600])
        guard made else {
            throw ServiceError(
                .internalError, "Cannot write the key of the secret vault at \(keyFile.path). Check the folder's owner."
            )
        }
    }

    public static let migration = Migration(
        "persistence-001-secret",
        sql: "CREATE TABLE secret (name TEXT NOT NULL PRIMARY KEY, box BLOB NOT NULL) WITHOUT ROWID")

    public func store(_ secret: String, named name: String, in database: Database) throws {
        let box = try AES.GCM.seal(Data(secret.utf8), using: key, authenticating: Data(name.utf8))
        try database.execute(
            sql: "INSERT INTO secret (name, box) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET box = excluded.box",
            arguments: [name, box.combined])
    }

    /// The secret of that name, or nil if there is none.
    /// - Throws: `internalError` when the stored box does not open with this folder's key.
    public func secret(named name: String, in database: Database) throws -> String? {
        guard let bytes = try Data.fetchOne(database, sql: "SELECT box FROM secret WHERE name = ?", arguments: [name])
        else { return nil }
        do {
            let plain = try AES.GCM.open(
                AES.GCM.SealedBox(combined: bytes), using: key, authenticating: Data(name.utf8))
            return String(decoding: plain, as: UTF8.self)
        } catch {
            throw ServiceError(
                .internalError, "A stored secret does not open with the vault key of this state folder.", target: name)
        }
    }

    public func remove(named name: String, in database: Database) throws {
        try database.execute(sql: "DELETE FROM secret WHERE name = ?", arguments: [name])
    }
}

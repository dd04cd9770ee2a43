import Crypto
import Foundation
import GRDB
import LazuliConformance
import LazuliPersistence
import LazuliResources
import Testing

@Suite("The secret vault")
struct SecretVaultTests {
    private let secret = "correct-horse-battery-staple-ü"

    private func copy(_ name: String, to other: String, _ database: StateDatabase) async throws {
        try await database.write {
            try $0.execute(
                sql: "INSERT INTO secret SELECT ?, box FROM secret WHERE name = ?", arguments: [other, name])
        }
    }

    @Test("A secret comes back as it was; storing again replaces it; removing removes it")
    func roundTrip() async throws {
        try await withTemporaryDatabase { database in
            let vault = SecretVault(key: SymmetricKey(size: .bits256)), secret = secret
            #expect(try await database.read { try vault.secret(named: "a", in: $0) } == nil)
            try await database.write { try vault.store(secret, named: "a", in: $0) }
            try await database.write { try vault.store("", named: "empty", in: $0) }
            #expect(try await database.read { try vault.secret(named: "a", in: $0) } == secret)
            #expect(try await database.read { try vault.secret(named: "empty", in: $0) } == "")
            try await database.write { try vault.store("second", named: "a", in: $0) }
            #expect(try await database.read { try vault.secret(named: "a", in: $0) } == "second")
            try await database.write { try vault.remove(named: "a", in: $0) }
            #expect(try await database.read { try vault.secret(named: "a", in: $0) } == nil)
        }
    }

    @Test("A box copied under another name does not open")
    func wrongName() async throws {
        try await withTemporaryDatabase { database in
            let vault = SecretVault(key: SymmetricKey(size: .bits256)), secret = secret
            try await database.write { try vault.store(secret, named: "mine", in: $0) }
            try await copy("mine", to: "yours", database)
            let error = try await #require(throws: ServiceError.self) {
                try await database.read { try vault.secret(named: "yours", in: $0) }
            }
            #expect(error.target == "yours")
            #expect(!error.message.contains(secret))
        }
    }

    @Test("Another key does not open it")
    func wrongKey() async throws {
        try await withTemporaryDatabase { database in
            let vault = SecretVault(key: SymmetricKey(size: .bits256)), secret = secret
            let stranger = SecretVault(key: SymmetricKey(size: .bits256))
            try await database.write { try vault.store(secret, named: "a", in: $0) }
            await #expect(throws: ServiceError.self) {
                try await database.read { try stranger.secret(named: "a", in: $0) }
            }
        }
    }

    @Test(
        "A box that was changed by one bit, or cut short, does not open",
        arguments: [
            "UPDATE secret SET box = substr(box, 1, length(box) - 1)",
            "UPDATE secret SET box = x'00'", "UPDATE secret SET box = x''",
            "UPDATE secret SET box = box || x'00'",
        ])
    func damaged(sql: String) async throws {
        try await withTemporaryDatabase { database in
            let vault = SecretVault(key: SymmetricKey(size: .bits256)), secret = secret
            try await database.write { try vault.store(secret, named: "a", in: $0) }
            try await database.write { try $0.execute(sql: sql) }
            await #expect(throws: ServiceError.self) {
                try await database.read { try vault.secret(named: "a", in: $0) }
            }
        }
    }

    @Test("No file of the folder holds a secret in clear text, and equal secrets do not look alike")
    func noClearText() async throws {
        try await withTemporaryFolder { folder in
            let database = try StateDatabase(
                path: folder.appending(path: "a.sqlite").path, migrations: [SecretVault.migration])
            let vault = try SecretVault(keyFile: folder.appending(path: "vault.key")), secret = secret
            for name in ["a", "b"] { try await database.write { try vault.store(secret, named: name, in: $0) } }
            let boxes = try await database.read { try Data.fetchSet($0, sql: "SELECT box FROM secret") }
            #expect(boxes.count == 2)
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            #expect(files.count >= 2)
            for file in files {
                #expect(try Data(contentsOf: file).range(of: Data(secret.utf8)) == nil, "\(file.lastPathComponent)")
            }
            try database.close()
        }
    }

    @Test("The key file is made once, readable by its owner alone, and opens what was stored before")
    func keyFile() async throws {
        try await withTemporaryDatabase { database in
            try await withTemporaryFolder { folder in
                let file = folder.appending(path: "vault.key"), secret = secret
                let first = try SecretVault(keyFile: file)
                try await database.write { try first.store(secret, named: "a", in: $0) }
                let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                let second = try SecretVault(keyFile: file)
                #expect(try await database.read { try second.secret(named: "a", in: $0) } == secret)
                #expect(throws: ServiceError.self) {
                    try SecretVault(keyFile: folder.appending(path: "no/such/folder/vault.key"))
                }
            }
        }
    }
}

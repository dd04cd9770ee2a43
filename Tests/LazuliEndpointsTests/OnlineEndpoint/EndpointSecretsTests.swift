import Crypto
import LazuliConformance
import LazuliPersistence
import Testing

@testable import LazuliEndpoints

@Suite("Secrets of an endpoint")
struct EndpointSecretsTests {
    private let secrets = EndpointSecrets(vault: SecretVault(key: SymmetricKey(size: .bits256)))
    private let fraud = DocumentKey(kind: "OnlineEndpoints", scope: "s/g/w", name: "fraud")
    private let other = DocumentKey(kind: "OnlineEndpoints", scope: "s/g/w", name: "other")

    @Test("A key is made on first asking and stays; each name and endpoint has its own")
    func making() async throws {
        let (secrets, fraud, other) = (secrets, fraud, other)
        try await withTemporaryDatabase { database in
            let all = try await database.write { database in
                try [fraud, other].flatMap { endpoint in
                    try EndpointSecrets.Name.allCases.map { try secrets.secret($0, of: endpoint, database) }
                }
            }
            #expect(Set(all).count == 6)
            #expect(all.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
            let again = try await database.write { try secrets.secret(.primary, of: fraud, $0) }
            #expect(again == all[0])
        }
    }

    @Test("A key that is renewed is another; the second key goes on")
    func renewing() async throws {
        let (secrets, fraud) = (secrets, fraud)
        try await withTemporaryDatabase { database in
            let (old, second) = try await database.write {
                (try secrets.secret(.primary, of: fraud, $0), try secrets.secret(.secondary, of: fraud, $0))
            }
            let new = try await database.write { try secrets.renew(.primary, of: fraud, $0) }
            #expect(new != old)
            let chosen = try await database.write { try secrets.renew(.primary, of: fraud, to: "mine", $0) }
            #expect(chosen == "mine")
            guard
                case .keys(let keys) = try await database.write({ try secrets.access(fraud, mode: "Key", $0) })
            else {
                Issue.record("An endpoint of keys asks for something else.")
                return
            }
            #expect(keys == ["mine", second])
        }
    }

    @Test("Tokens end with their secret, keys with their endpoint")
    func ending() async throws {
        let (secrets, fraud) = (secrets, fraud)
        try await withTemporaryDatabase { database in
            let token = try await database.write { try secrets.tokens(of: fraud, $0).token(expiry: 5) }
            let key = try await database.write { try secrets.secret(.primary, of: fraud, $0) }
            #expect(try await database.write { try secrets.tokens(of: fraud, $0).expiry(of: token) } == 5)
            try await database.write { try secrets.remove(of: fraud, $0) }
            #expect(try await database.write { try secrets.tokens(of: fraud, $0).expiry(of: token) } == nil)
            #expect(try await database.write { try secrets.secret(.primary, of: fraud, $0) } != key)
        }
    }

    @Test("The mode of an endpoint decides what callers are asked for, in any case of its letters")
    func modes() async throws {
        let (secrets, fraud) = (secrets, fraud)
        try await withTemporaryDatabase { database in
            for (mode, expected) in [
                ("Key", "keys"), ("key", "keys"), ("AMLToken", "tokens"), ("aml_token", "keys"),
                ("AADToken", "directory"),
            ] {
                let access = try await database.write { try secrets.access(fraud, mode: mode, $0) }
                let found =
                    switch access {
                    case .keys: "keys"
                    case .tokens: "tokens"
                    case .directory: "directory"
                    }
                #expect(found == expected, "\(mode)")
            }
        }
    }
}

import Foundation
import GRDB
public import LazuliDomain
import LazuliPersistence
public import LazuliResources

/// Makes, lists and deletes principals. Every change is in force at the next call.
public struct PrincipalService: SecretVerifier {
    /// A principal that was just made, with the secret that is shown this once.
    public struct Made: Sendable {
        public let principal: Principal
        /// Set for `.service`.
        public let clientSecret: String?
    }

    private static let longestName = 256
    private let database: StateDatabase
    private let directory: AccessDirectory
    private let clock: WallClock

    init(database: StateDatabase, directory: AccessDirectory, clock: WallClock) {
        self.database = database
        self.directory = directory
        self.clock = clock
    }

    static let migration = Migration(
        "access-001-principal",
        sql: """
            CREATE TABLE principal (
                objectID TEXT NOT NULL PRIMARY KEY,
                clientID TEXT NOT NULL UNIQUE,
                displayName TEXT NOT NULL,
                kind TEXT NOT NULL,
                created INTEGER NOT NULL,
                isLocalUser INTEGER NOT NULL DEFAULT 0
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX principal_localUser ON principal (isLocalUser) WHERE isLocalUser = 1;
            CREATE TABLE clientSecret (
                principal TEXT NOT NULL PRIMARY KEY REFERENCES principal (objectID) ON DELETE CASCADE,
                salt BLOB NOT NULL,
                hash BLOB NOT NULL
            ) WITHOUT ROWID;
            """)

    /// Makes a principal without roles.
    /// - Throws: `invalidArgument` when the name is empty or longer than 256 characters.
    public func create(displayName: String, kind: Principal.Kind = .service) async throws -> Made {
        let name = displayName.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty, name.count <= Self.longestName else {
            throw ServiceError(
                .invalidArgument, "A principal needs a displayName of 1 to \(Self.longestName) characters.",
                target: "displayName")
        }
        let principal = Principal(
            objectID: RandomText.guid(), clientID: RandomText.guid(), displayName: name, kind: kind,
            created: clock.now())
        let secret = kind == .service ? ClientSecret.make() : nil
        try await database.write { database in
            try Self.insert(principal, in: database)
            guard let kept = secret?.kept else { return }
            try database.execute(
                sql: "INSERT INTO clientSecret (principal, salt, hash) VALUES (?, ?, ?)",
                arguments: [principal.objectID, Data(kept.salt), Data(kept.hash)])
        }
        try await directory.reload()
        return Made(principal: principal, clientSecret: secret?.text)
    }

    /// All principals, oldest first.
    public func list() -> [Principal] {
        directory.principals.sorted { ($0.created, $0.objectID) < ($1.created, $1.objectID) }
    }

    /// The principal that a text names by object id, client id, or a display name that only one has.
    /// - Throws: `notFound` with the nearest name; `invalidArgument` when several have the name.
    public func named(_ text: String) throws -> Principal {
        let wanted = text.lowercased()
        if let found = directory.principal(objectID: wanted) ?? directory.principal(clientID: wanted) { return found }
        let everyone = directory.principals
        let found = everyone.filter { $0.displayName.lowercased() == wanted }
        guard found.count <= 1 else {
            let ids = found.map(\.objectID).sorted().joined(separator: ", ")
            throw ServiceError(
                .invalidArgument, "\(found.count) principals are named \"\(text)\". Use the object id: one of \(ids).",
                target: text)
        }
        guard let principal = found.first else {
            throw ServiceError(
                .notFound,
                "No principal has the object id, client id or name \"\(text)\"."
                    + NearestName.hint(text, among: everyone.map(\.displayName))
                    + " `lazuli principal list` shows them all.",
                target: text)
        }
        return principal
    }

    /// Deletes a principal with its secret and its role assignments; its tokens stop working at the next call.
    /// - Throws: `conflict` for the local user.
    public func delete(_ principal: Principal) async throws {
        guard !principal.isLocalUser else {
            throw ServiceError(
                .conflict, "\"\(principal.displayName)\" is the person who runs this server and cannot be deleted.",
                target: principal.objectID)
        }
        try await database.write { database in
            try database.execute(sql: "DELETE FROM principal WHERE objectID = ?", arguments: [principal.objectID])
        }
        try await directory.reload()
    }

    /// The principal of a client id, if the secret is its own.
    func signedIn(clientID: String, secret: String) async throws -> Principal? {
        guard let principal = directory.principal(clientID: clientID.lowercased()) else { return nil }
        let row = try await database.read { database in
            try Row.fetchOne(
                database, sql: "SELECT salt, hash FROM clientSecret WHERE principal = ?",
                arguments: [principal.objectID]
            ).map { ClientSecret(salt: Array($0["salt"] as Data), hash: Array($0["hash"] as Data)) }
        }
        return row?.matches(secret) == true ? principal : nil
    }

    public func caller(ofClient clientID: String, secret: String) async throws -> Caller {
        guard let principal = try await signedIn(clientID: clientID, secret: secret) else {
            throw ServiceError(
                .unauthenticated,
                "The client id \(clientID) and the secret do not belong together. `lazuli principal create` makes a new pair."
            )
        }
        return Caller(objectID: principal.objectID, name: principal.displayName)
    }

    /// The person who runs the server; made, with the role Owner over everything, when there is none yet.
    func ensureLocalUser(named name: String) async throws -> Principal {
        if let known = directory.principals.first(where: \.isLocalUser) { return known }
        let now = clock.now()
        let owner = Principal(
            objectID: RandomText.guid(), clientID: RandomText.guid(), displayName: name, kind: .user, created: now,
            isLocalUser: true)
        let assignment = RoleAssignment(
            id: RandomText.guid(), principalID: owner.objectID, role: .owner, scope: .everything, created: now,
            createdBy: owner.displayName)
        try await database.write { database in
            try Self.insert(owner, in: database)
            try RoleAssignmentService.insert(assignment, in: database)
        }
        try await directory.reload()
        return owner
    }

    private static func insert(_ principal: Principal, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO principal (objectID, clientID, displayName, kind, created, isLocalUser)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                principal.objectID, principal.clientID, principal.displayName, principal.kind.rawValue,
                principal.created, principal.isLocalUser,
            ])
    }
}

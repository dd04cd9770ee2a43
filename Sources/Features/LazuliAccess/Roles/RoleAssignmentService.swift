import Foundation
public import GRDB
import LazuliPersistence
public import LazuliResources

/// Gives and takes roles. Every change is in force at the next call.
public struct RoleAssignmentService: Sendable {
    private let database: StateDatabase
    private let directory: AccessDirectory
    private let clock: WallClock

    init(database: StateDatabase, directory: AccessDirectory, clock: WallClock) {
        self.database = database
        self.directory = directory
        self.clock = clock
    }

    static let migration = Migration(
        "access-002-role-assignment",
        sql: """
            CREATE TABLE roleAssignment (
                id TEXT NOT NULL PRIMARY KEY,
                principal TEXT NOT NULL REFERENCES principal (objectID) ON DELETE CASCADE,
                role TEXT NOT NULL,
                scope TEXT NOT NULL,
                scopeKey TEXT NOT NULL,
                created INTEGER NOT NULL,
                createdBy TEXT NOT NULL,
                UNIQUE (principal, role, scopeKey)
            ) WITHOUT ROWID;
            """)

    /// Gives a role.
    /// - Parameter id: the GUID that the client chose, or nil for a new one.
    /// - Returns: the assignment, and whether it is new; the same one given again under its own id is not.
    /// - Throws: `conflict` when the grant exists under another id, or the id stands for another grant;
    ///   `invalidArgument` when the id is no GUID.
    public func create(
        _ role: Role, to principal: Principal, at scope: AccessScope, id: String? = nil, by caller: Caller
    ) async throws -> (assignment: RoleAssignment, isNew: Bool) {
        let wanted = RoleAssignment(
            id: try Self.checked(id ?? RandomText.guid()), principalID: principal.objectID, role: role, scope: scope,
            created: clock.now(), createdBy: caller.name)
        let existing = try await database.write { database -> RoleAssignment? in
            let known = try Self.all(in: database).first { $0.id == wanted.id || $0.grantsSame(as: wanted) }
            if known == nil { try Self.insert(wanted, in: database) }
            return known
        }
        guard let existing else {
            try await directory.reload()
            return (wanted, true)
        }
        guard existing.id == wanted.id else {
            throw ServiceError(
                .conflict,
                "\"\(principal.displayName)\" already has the role \(role.name) at \(scope.id): "
                    + "role assignment \(existing.id).",
                target: existing.id)
        }
        guard existing.grantsSame(as: wanted) else {
            throw ServiceError(
                .conflict,
                "Role assignment \(existing.id) exists and grants \(existing.role.name) at \(existing.scope.id). "
                    + "Assignments do not change: choose a new GUID, or delete this one first.",
                target: existing.id)
        }
        return (existing, false)
    }

    /// Which assignments a listing shows.
    public enum Reach: Sendable {
        /// At, above and below the scope.
        case around
        /// At and above the scope: those that hold there.
        case at
    }

    /// The assignments that touch a scope, oldest first.
    public func list(at scope: AccessScope, reach: Reach = .around, principalID: String? = nil) -> [RoleAssignment] {
        directory.assignments
            .filter { principalID == nil || $0.principalID == principalID }
            .filter { $0.scope.covers(scope) || reach == .around && scope.covers($0.scope) }
            .sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    }

    /// The assignment of that id at that very scope, or nil.
    public func get(_ id: String, at scope: AccessScope) -> RoleAssignment? {
        directory.assignments.first { $0.id == id.lowercased() && $0.scope == scope }
    }

    /// Takes a role away.
    /// - Throws: `conflict` when nobody would be left to give roles over everything.
    public func delete(_ assignment: RoleAssignment) async throws {
        try await database.write { database in
            if Self.ownsEverything(assignment) {
                let others = try Self.all(in: database).filter { $0.id != assignment.id && Self.ownsEverything($0) }
                guard !others.isEmpty else {
                    throw ServiceError(
                        .conflict,
                        "This is the last Owner over everything; without it nobody could give roles again. "
                            + "Make another principal Owner at \"/\" first.",
                        target: assignment.id)
                }
            }
            try database.execute(sql: "DELETE FROM roleAssignment WHERE id = ?", arguments: [assignment.id])
        }
        try await directory.reload()
    }

    /// Takes away what was granted at a workspace that goes; `reload` puts it in force once that is committed.
    public static func clear(_ scope: WorkspaceScope, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM roleAssignment WHERE scopeKey = ?", arguments: [AccessScope(scope.id).key])
    }

    /// Puts in force what another step has changed.
    public func reload() async throws { try await directory.reload() }

    private static func ownsEverything(_ assignment: RoleAssignment) -> Bool {
        assignment.role.id == Role.owner.id && assignment.scope == .everything
    }

    private static func checked(_ id: String) throws -> String {
        guard let guid = UUID(uuidString: id) else {
            throw ServiceError(
                .invalidArgument, "The name of a role assignment is a GUID; \"\(id)\" is none.", target: id)
        }
        return guid.uuidString.lowercased()
    }

    /// Assignments whose role this version knows.
    static func all(in database: Database) throws -> [RoleAssignment] {
        try Row.fetchAll(database, sql: "SELECT * FROM roleAssignment").compactMap { row in
            guard let role = Role.builtIn.first(where: { $0.id == row["role"] as String }) else { return nil }
            return RoleAssignment(
                id: row["id"], principalID: row["principal"], role: role, scope: AccessScope(row["scope"] as String),
                created: row["created"], createdBy: row["createdBy"])
        }
    }

    static func insert(_ assignment: RoleAssignment, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO roleAssignment (id, principal, role, scope, scopeKey, created, createdBy)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                assignment.id, assignment.principalID, assignment.role.id, assignment.scope.id, assignment.scope.key,
                assignment.created, assignment.createdBy,
            ])
    }
}

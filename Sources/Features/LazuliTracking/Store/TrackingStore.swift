public import GRDB
public import LazuliPersistence
public import LazuliResources
import Synchronization

/// The tracking tables of all workspaces. The services of this feature read and write through it.
public final class TrackingStore: Sendable {
    private let database: StateDatabase
    let clock: WallClock
    /// Numbers of the workspaces seen so far, by key: they never change while the workspace lives.
    private let known = Mutex<[String: Int64]>([:])

    public init(database: StateDatabase, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Runs a read on one snapshot. A workspace that tracking has not seen is entered first, with its experiment 0.
    func read<Value: Sendable>(
        _ scope: WorkspaceScope, _ body: @escaping @Sendable (Database, Int64) throws -> Value
    ) async throws -> Value {
        let workspace = try await workspaceID(scope)
        return try await database.read { try body($0, workspace) }
    }

    /// The same on the calling thread, for a look-up by key.
    func readHere<Value>(
        _ scope: WorkspaceScope, _ body: (Database, Int64) throws -> Value
    ) async throws -> Value {
        let workspace = try await workspaceID(scope)
        return try database.readHere { try body($0, workspace) }
    }

    /// Runs one atomic step; when it returns, its effect is on disk.
    func write<Value: Sendable>(
        _ scope: WorkspaceScope, _ body: @escaping @Sendable (Database, Int64) throws -> Value
    ) async throws -> Value {
        let workspace = try await workspaceID(scope)
        return try await database.write { try body($0, workspace) }
    }

    /// Gives the room of deleted rows back to the disk; returns the bytes that are free again.
    func reclaim() async throws -> Int64 { try await database.reclaim() }

    private func workspaceID(_ scope: WorkspaceScope) async throws -> Int64 {
        let key = scope.key
        if let id = known.withLock({ $0[key] }) { return id }
        let now = clock.now()
        let id = try await database.write { try TrackingWorkspace.id(ofKey: key, now: now, $0) }
        known.withLock { $0[key] = id }
        return id
    }

    /// Gives a workspace its experiment "Default", inside the caller's transaction, so that it is older than all others.
    public func furnish(_ scope: WorkspaceScope, _ database: Database) throws {
        _ = try TrackingWorkspace.id(ofKey: scope.key, now: clock.now(), database)
    }

    /// Deletes all that a workspace has tracked, except the files, inside the caller's transaction.
    public func clear(_ scope: WorkspaceScope, _ database: Database) throws {
        try TrackingWorkspace.delete(key: scope.key, database)
        known.withLock { $0[scope.key] = nil }
    }
}

/// The table that gives each workspace a small number.
enum TrackingWorkspace {
    /// The workspace's number. On first use it is entered, together with the experiment that clients take for given.
    static func id(ofKey key: String, now: Int64, _ database: Database) throws -> Int64 {
        let find = try database.cachedStatement(sql: "SELECT id FROM trackingWorkspace WHERE key = ?")
        if let id = try Int64.fetchOne(find, arguments: [key]) { return id }
        try database.execute(sql: "INSERT INTO trackingWorkspace (key) VALUES (?)", arguments: [key])
        let id = database.lastInsertedRowID
        try ExperimentTable.insert(
            workspace: id, number: 0, name: ExperimentTable.defaultName, artifactLocation: nil, now: now, database)
        return id
    }

    static func delete(key: String, _ database: Database) throws {
        guard
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM trackingWorkspace WHERE key = ?", arguments: [key])
        else { return }
        let runs = try Int64.fetchAll(database, sql: "SELECT id FROM run WHERE workspaceID = ?", arguments: [id])
        for run in runs { try RunPurge.delete(run, database) }
        try database.execute(sql: "DELETE FROM loggedModel WHERE workspaceID = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM trackingWorkspace WHERE id = ?", arguments: [id])
    }
}

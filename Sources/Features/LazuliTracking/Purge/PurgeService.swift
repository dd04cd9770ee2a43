import GRDB
import LazuliPersistence
public import LazuliResources

/// Which deleted things are to go for good.
public struct PurgeRequest: Sendable {
    /// Only what was deleted so many milliseconds ago, or earlier.
    public var olderThan: Int64
    /// Empty for all.
    public var runIDs: [String]
    public var experimentIDs: [String]

    public init(olderThan: Int64, runIDs: [String], experimentIDs: [String]) {
        self.olderThan = olderThan
        self.runIDs = runIDs
        self.experimentIDs = experimentIDs
    }
}

/// What a purge removes.
public struct PurgePlan: Sendable {
    public struct Item: Sendable {
        /// The row's number.
        let row: Int64
        public let id: String
        /// The folder of its files below the artifact container; nil if they are elsewhere.
        public let folder: String?
    }

    public var experiments: [Item] = []
    public var runs: [Item] = []
    public var loggedModels: [Item] = []
    /// Folders that living models and registered versions still need.
    public var keptFolders: Set<String> = []

    /// The folders that go, but for what is kept below them.
    public var folders: [String] { (runs + loggedModels).compactMap(\.folder) }
}

/// Deletes for good what is in the lifecycle stage `deleted`.
public struct PurgeService: Sendable {
    let store: TrackingStore
    /// Rows that one step deletes, so that others can write in between.
    private static let stepSize = 50

    public init(store: TrackingStore) { self.store = store }

    /// - Throws: `notFound` for ids of nothing, `invalidArgument` for those of things that are not deleted or too young.
    public func plan(_ request: PurgeRequest, in scope: WorkspaceScope) async throws -> PurgePlan {
        let latest = store.clock.now() - request.olderThan
        return try await store.read(scope) { database, workspace in
            var plan = try PurgeSelection(database: database, workspace: workspace, latest: latest).plan(request)
            plan.keptFolders = try Self.kept(plan, scope, workspace, database)
            return plan
        }
    }

    private static func kept(
        _ plan: PurgePlan, _ scope: WorkspaceScope, _ workspace: Int64, _ database: Database
    ) throws -> Set<String> {
        let going = Set(plan.loggedModels.map(\.row))
        let models = try Row.fetchAll(
            database, sql: "SELECT id, folder FROM loggedModel WHERE workspaceID = ? AND folder IS NOT NULL",
            arguments: [workspace])
        var kept: Set<String> = []
        for row in models where !going.contains(row[0]) { kept.insert(row[1]) }
        return try kept.union(ModelDocuments.folders(scope, database))
    }

    /// Deletes the rows; the caller has removed the files.
    public func purge(_ plan: PurgePlan, in scope: WorkspaceScope) async throws {
        try await each(plan.loggedModels, scope) { row, database in
            try database.execute(sql: "DELETE FROM loggedModel WHERE id = ?", arguments: [row])
        }
        try await each(plan.runs, scope) { row, database in try RunPurge.delete(row, database) }
        try await each(plan.experiments, scope) { row, database in
            try database.execute(sql: "DELETE FROM loggedModel WHERE experimentID = ?", arguments: [row])
            try database.execute(sql: "DELETE FROM experiment WHERE id = ?", arguments: [row])
        }
        try await store.write(scope) { database, workspace in
            try database.execute(
                sql: """
                    DELETE FROM dataset WHERE id NOT IN (SELECT datasetID FROM runInput)
                        AND experimentID IN (SELECT id FROM experiment WHERE workspaceID = ?)
                    """, arguments: [workspace])
        }
    }

    private func each(
        _ items: [PurgePlan.Item], _ scope: WorkspaceScope,
        _ delete: @escaping @Sendable (Int64, Database) throws -> Void
    ) async throws {
        for start in stride(from: 0, to: items.count, by: Self.stepSize) {
            let part = items[start..<min(start + Self.stepSize, items.count)]
            try await store.write(scope) { database, _ in
                for item in part { try delete(item.row, database) }
            }
        }
    }

    /// Gives the room of deleted rows back to the disk.
    /// - Returns: the bytes by which the database became smaller.
    public func reclaim() async throws -> Int64 { try await store.reclaim() }
}

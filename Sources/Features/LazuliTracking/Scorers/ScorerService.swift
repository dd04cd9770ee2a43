import GRDB
public import LazuliResources

/// Keeping scorers, version by version.
public struct ScorerService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// Adds a version of a scorer, the first one if the experiment has none of this name.
    public func register(
        _ content: String, as name: String, ofExperiment id: String, in scope: WorkspaceScope
    ) async throws -> Scorer {
        try Self.check(name)
        let now = store.clock.now(), newID = "s-" + RandomID.hex()
        return try await store.write(scope) { database, workspace in
            let experiment = try ExperimentTable.require(id: id, view: .activeOnly, workspace: workspace, database)
            try database.execute(
                sql: """
                    INSERT INTO scorer (workspaceID, experimentID, scorerID, name) VALUES (?, ?, ?, ?)
                    ON CONFLICT (experimentID, name) DO NOTHING
                    """, arguments: [workspace, experiment.id, newID, name])
            try database.execute(
                sql: """
                    INSERT INTO scorerVersion (scorerID, version, content, createdAt)
                    SELECT s.id, 1 + COALESCE((SELECT MAX(v.version) FROM scorerVersion v WHERE v.scorerID = s.id), 0),
                        ?, ? FROM scorer s WHERE s.experimentID = ? AND s.name = ?
                    """, arguments: [content, now, experiment.id, name])
            return try Self.versions(Self.named, [experiment.id, name], database)[0]
        }
    }

    private static func check(_ name: String) throws {
        guard name.contains(where: { !$0.isWhitespace }) else {
            throw TrackingFault.invalid("Scorer name cannot be empty.", target: "name")
        }
        try NameRules.checkLength(name, of: "name", limit: TrackingLimits.key)
    }

    /// The newest version of each scorer, by name.
    /// - Parameter id: an experiment; nil for those of all experiments.
    public func list(ofExperiment id: String?, in scope: WorkspaceScope) async throws -> [Scorer] {
        try await store.read(scope) { database, workspace in
            let newest = "AND v.version = (SELECT MAX(n.version) FROM scorerVersion n WHERE n.scorerID = s.id)"
            guard let id else { return try Self.versions("s.workspaceID = ? \(newest)", [workspace], database) }
            let experiment = try ExperimentTable.require(id: id, view: .activeOnly, workspace: workspace, database)
            return try Self.versions("s.experimentID = ? \(newest)", [experiment.id], database)
        }
    }

    /// All versions of a scorer, the oldest first.
    /// - Throws: `notFound` if there is no such scorer.
    public func versions(of name: String, ofExperiment id: String, in scope: WorkspaceScope) async throws -> [Scorer] {
        try await store.read(scope) { database, workspace in
            let experiment = try ExperimentTable.require(id: id, view: .activeOnly, workspace: workspace, database)
            return try Self.required(name, nil, experiment, database).reversed()
        }
    }

    /// - Parameter version: nil for the newest.
    public func get(
        _ name: String, version: Int64?, ofExperiment id: String, in scope: WorkspaceScope
    ) async throws -> Scorer {
        try await store.read(scope) { database, workspace in
            let experiment = try ExperimentTable.require(id: id, view: .activeOnly, workspace: workspace, database)
            return try Self.required(name, version, experiment, database)[0]
        }
    }

    /// - Parameter version: nil for all; with its last version a scorer goes altogether.
    public func delete(
        _ name: String, version: Int64?, ofExperiment id: String, in scope: WorkspaceScope
    ) async throws {
        try await store.write(scope) { database, workspace in
            let experiment = try ExperimentTable.require(id: id, view: .activeOnly, workspace: workspace, database)
            _ = try Self.required(name, version, experiment, database)
            try database.execute(
                sql: """
                    DELETE FROM scorerVersion WHERE (? IS NULL OR version = ?)
                        AND scorerID = (SELECT id FROM scorer WHERE experimentID = ? AND name = ?)
                    """, arguments: [version, version, experiment.id, name])
            try database.execute(
                sql: """
                    DELETE FROM scorer WHERE experimentID = ? AND name = ?
                        AND NOT EXISTS (SELECT 1 FROM scorerVersion v WHERE v.scorerID = scorer.id)
                    """, arguments: [experiment.id, name])
        }
    }

    // MARK: Statements

    private static let named = "s.experimentID = ? AND s.name = ?"

    /// - Returns: at least one, the newest first.
    private static func required(
        _ name: String, _ version: Int64?, _ experiment: ExperimentRow, _ database: Database
    ) throws -> [Scorer] {
        let found = try versions(named, [experiment.id, name], database)
            .filter { version == nil || $0.version == version }
        guard found.isEmpty else { return found }
        let which = version.map { " and version \($0)" } ?? ""
        throw TrackingFault.notFound(
            "Scorer with name '\(name)'\(which) not found for experiment with ID \(experiment.number).")
    }

    private static func versions(
        _ condition: String, _ arguments: StatementArguments, _ database: Database
    ) throws -> [Scorer] {
        let sql = """
            SELECT s.scorerID, e.number, s.name, v.version, v.content, v.createdAt FROM scorer s
            JOIN experiment e ON e.id = s.experimentID JOIN scorerVersion v ON v.scorerID = s.id
            WHERE \(condition) ORDER BY s.name, v.version DESC
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
            Scorer(
                scorerID: row[0], experiment: row[1], name: row[2], version: row[3], content: row[4], createdAt: row[5])
        }
    }
}

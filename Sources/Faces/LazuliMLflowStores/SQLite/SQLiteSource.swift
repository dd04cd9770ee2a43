import Foundation
import GRDB
import LazuliResources

/// MLflow's SQLite file, of any version since 1.0: a column or table that a version lacks counts as empty.
public struct SQLiteSource: TrackingSource {
    let path: String
    let queue: DatabaseQueue
    let schema: KnownColumns
    let local: LocalArtifacts
    let faults: FaultLog

    public var title: String { path }

    /// Opens the file for reading alone.
    /// - Parameter artifacts: the folder of artifacts that are not where the file says, or that its server served.
    public init(path: String, artifacts: String?, faults: FaultLog) throws {
        self.path = path
        self.faults = faults
        let folder = (path as NSString).deletingLastPathComponent
        local = LocalArtifacts(
            override: artifacts, starts: [folder.isEmpty ? "." : folder, FileManager.default.currentDirectoryPath])
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            queue = try DatabaseQueue(path: path, configuration: configuration)
            schema = try queue.read(KnownColumns.init)
        } catch {
            throw ServiceError(.invalidArgument, "\(path) cannot be read as an SQLite file: \(error)", target: path)
        }
        guard schema.has("experiments"), schema.has("runs") else {
            throw ServiceError(
                .invalidArgument, "\(path) is no MLflow store: it has no tables of experiments and runs.",
                target: path)
        }
    }

    /// Rows of a table; columns that it lacks are null.
    func rows(
        _ columns: [String], of table: String, _ condition: String, _ arguments: StatementArguments,
        _ database: Database
    ) throws -> RowCursor? {
        guard schema.has(table) else { return nil }
        let list = columns.map { column -> String in
            guard schema.has(table, column) else { return "NULL" }
            return column == "experiment_id" ? "CAST(experiment_id AS TEXT)" : "\"\(column)\""
        }.joined(separator: ", ")
        return try Row.fetchCursor(
            database, sql: "SELECT \(list) FROM \"\(table)\" WHERE \(condition)", arguments: arguments)
    }

    /// Only the workspace that every server has, of servers that have several.
    func ownWorkspace(_ table: String) -> String { schema.has(table, "workspace") ? "workspace = 'default'" : "1" }

    // MARK: Experiments

    public func experiments() async throws -> [StoredExperiment] {
        let columns = [
            "experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time",
        ]
        return try await queue.read { database in
            let tags = try entries(
                "experiment_tags", id: "experiment_id", key: "key", value: "value", "1", [], database)
            var found: [StoredExperiment] = []
            let rows = try rows(
                columns, of: "experiments", ownWorkspace("experiments") + " ORDER BY experiment_id", [], database)
            while let row = try rows?.next() {
                let id: String = row[0], stage: String? = row[3]
                var experiment = StoredExperiment(id: id, name: row[1] ?? id, artifactLocation: row[2] ?? "")
                experiment.isDeleted = stage == "deleted"
                experiment.createdAt = row[4] ?? 0
                experiment.updatedAt = row[5] ?? experiment.createdAt
                experiment.tags = tags[id] ?? []
                found.append(experiment)
            }
            try noteOtherWorkspaces(database)
            return found
        }
    }

    private func noteOtherWorkspaces(_ database: Database) throws {
        guard schema.has("experiments", "workspace") else { return }
        let sql = "SELECT COUNT(*) FROM experiments WHERE workspace <> 'default'"
        guard let others = try Int.fetchOne(database, sql: sql), others > 0 else { return }
        faults.note("\(path): \(others) experiments of workspaces other than \"default\" are left out.")
    }

    /// Keys with texts, by what they belong to.
    func entries(
        _ table: String, id: String, key: String, value: String, _ condition: String, _ arguments: StatementArguments,
        _ database: Database
    ) throws -> [String: [StoredEntry]] {
        var found: [String: [StoredEntry]] = [:]
        let rows = try rows([id, key, value], of: table, condition, arguments, database)
        while let row = try rows?.next() {
            let owner: String = row[0]
            found[owner, default: []].append(StoredEntry(row[1], row[2] ?? ""))
        }
        return found
    }

    // MARK: Files

    public func origin(ofURI uri: String) -> ArtifactOrigin { local.origin(of: uri, tail: "") }
    public func files(at origin: ArtifactOrigin) -> [StoredFile] { local.files(at: origin) }
    public func withFile(
        _ file: StoredFile, at origin: ArtifactOrigin, _ use: (String) async throws -> Void
    ) async throws { try await local.withFile(file, at: origin, use) }
}

/// The tables and columns that a file has.
struct KnownColumns: Sendable {
    private let columns: [String: Set<String>]

    init(_ database: Database) throws {
        let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        var columns: [String: Set<String>] = [:]
        for table in tables { columns[table] = Set(try database.columns(in: table).map(\.name)) }
        self.columns = columns
    }

    func has(_ table: String) -> Bool { columns[table] != nil }
    func has(_ table: String, _ column: String) -> Bool { columns[table]?.contains(column) ?? false }
}

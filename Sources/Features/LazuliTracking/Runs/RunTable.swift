import GRDB
import LazuliResources

/// A run as its row holds it.
struct RunRow {
    /// The row's own number, to which metrics, params and tags point.
    let id: Int64
    let experimentID: Int64
    var info: RunInfo

    /// Read together with the run's experiment, `e`.
    static let columns = """
        r.id, r.experimentID, r.runID, e.number, r.name, r.user, r.status, r.isDeleted, r.startTime, r.endTime, \
        r.artifactURI, e.artifactLocation
        """

    init(_ row: Row) {
        id = row[0]
        experimentID = row[1]
        let number: Int64 = row[3], runID: String = row[2]
        let stored: String? = row[10]
        info = RunInfo(
            runID: runID, experiment: number, name: row[4], user: row[5], status: row[6], isDeleted: row[7],
            startTime: row[8], endTime: row[9],
            artifactURI: stored
                ?? ArtifactAddress.uri(ofRun: runID, in: ArtifactAddress.uri(ofExperiment: number)))
    }
}

/// The statements on runs, params and tags.
enum RunTable {
    static let nameTag = "mlflow.runName"

    static func find(_ runID: String, workspace: Int64, _ database: Database) throws -> RunRow? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(RunRow.columns) FROM run r JOIN experiment e ON e.id = r.experimentID
                WHERE r.workspaceID = ? AND r.runID = ?
                """)
        return try Row.fetchOne(statement, arguments: [workspace, runID]).map(RunRow.init)
    }

    static func require(_ runID: String, workspace: Int64, _ database: Database) throws -> RunRow {
        guard let run = try find(runID, workspace: workspace, database) else { throw TrackingFault.noRun(runID) }
        return run
    }

    /// - Throws: `invalidArgument` for a deleted run: it takes no more changes.
    static func requireActive(_ runID: String, workspace: Int64, _ database: Database) throws -> RunRow {
        let run = try require(runID, workspace: workspace, database)
        guard !run.info.isDeleted else { throw TrackingFault.notActive(run: runID) }
        return run
    }

    /// - Parameter artifactURI: nil for a run whose artifacts are in the workspace's own storage.
    static func insert(
        _ info: RunInfo, artifactURI: String?, workspace: Int64, experiment: Int64, _ database: Database
    ) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO run (workspaceID, experimentID, runID, name, user, status, startTime, endTime, artifactURI)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            workspace, experiment, info.runID, info.name, info.user, info.status, info.startTime, info.endTime,
            artifactURI,
        ])
        return database.lastInsertedRowID
    }

    static func update(_ run: RunRow, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "UPDATE run SET name = ?, status = ?, startTime = ?, endTime = ? WHERE id = ?")
        let info = run.info
        try statement.execute(arguments: [info.name, info.status, info.startTime, info.endTime, run.id])
    }

    static func setDeleted(_ run: Int64, at time: Int64?, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE run SET isDeleted = ?, deletedAt = ? WHERE id = ?", arguments: [time != nil, time, run])
    }

    static func setTag(_ tag: Entry, run: Int64, workspace: Int64, _ database: Database) throws {
        let key = try KeyTable.id(of: tag.key, workspace: workspace, database)
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO tag (runID, keyID, value) VALUES (?, ?, ?)")
        try statement.execute(arguments: [run, key, tag.value])
    }

    /// - Returns: false if the run has no such tag.
    static func deleteTag(_ name: String, run: Int64, workspace: Int64, _ database: Database) throws -> Bool {
        guard let key = try KeyTable.find(name, workspace: workspace, database) else { return false }
        try database.execute(sql: "DELETE FROM tag WHERE runID = ? AND keyID = ?", arguments: [run, key])
        return database.changesCount > 0
    }

    static func tag(_ name: String, run: Int64, workspace: Int64, _ database: Database) throws -> String? {
        guard let key = try KeyTable.find(name, workspace: workspace, database) else { return nil }
        let statement = try database.cachedStatement(sql: "SELECT value FROM tag WHERE runID = ? AND keyID = ?")
        return try String.fetchOne(statement, arguments: [run, key])
    }

    /// Adds params; one that is there already must have the same value.
    /// - Returns: those that have another one.
    static func addParams(
        _ params: [Entry], run: Int64, workspace: Int64, _ database: Database
    ) throws -> [(param: Entry, old: String)] {
        let find = try database.cachedStatement(sql: "SELECT value FROM param WHERE runID = ? AND keyID = ?")
        let insert = try database.cachedStatement(sql: "INSERT INTO param (runID, keyID, value) VALUES (?, ?, ?)")
        var changed: [(Entry, String)] = []
        for param in params {
            let key = try KeyTable.id(of: param.key, workspace: workspace, database)
            if let old = try String.fetchOne(find, arguments: [run, key]) {
                if old != param.value { changed.append((param, old)) }
            } else {
                try insert.execute(arguments: [run, key, param.value])
            }
        }
        return changed
    }
}

/// Deleting runs for good, with every row that belongs to them.
enum RunPurge {
    private static let tables = ["metricPoint", "latestMetric", "param", "tag", "runModel", "runInput"]

    static func delete(_ run: Int64, _ database: Database) throws {
        for table in tables {
            try database.cachedStatement(sql: "DELETE FROM \(table) WHERE runID = ?").execute(arguments: [run])
        }
        try database.cachedStatement(sql: "DELETE FROM run WHERE id = ?").execute(arguments: [run])
    }
}

import GRDB
import LazuliResources

/// A logged model as its row holds it.
struct LoggedModelRow {
    let id: Int64
    var model: LoggedModel
    /// The folder of its files below the artifact container.
    let folder: String

    /// Read together with the model's experiment, `e`.
    static let columns = """
        m.id, m.modelID, e.number, m.name, m.status, m.statusMessage, m.modelType, m.sourceRunID, m.artifactURI, \
        m.isDeleted, m.createdAt, m.updatedAt, m.folder
        """

    init(_ row: Row) {
        id = row[0]
        let modelID: String = row[1], number: Int64 = row[2], status: Int64 = row[4], stored: String? = row[8]
        model = LoggedModel(
            modelID: modelID, experiment: number, name: row[3],
            status: LoggedModelStatus(rawValue: status) ?? .unspecified, statusMessage: row[5], modelType: row[6],
            sourceRunID: row[7],
            artifactURI: stored
                ?? ArtifactAddress.uri(ofModel: modelID, in: ArtifactAddress.uri(ofExperiment: number)),
            isDeleted: row[9], createdAt: row[10], updatedAt: row[11])
        folder = row[12] ?? ArtifactAddress.folder(ofModel: modelID)
    }
}

/// The statements on logged models.
enum LoggedModelTable {
    static func find(_ modelID: String, workspace: Int64, _ database: Database) throws -> LoggedModelRow? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(LoggedModelRow.columns) FROM loggedModel m JOIN experiment e ON e.id = m.experimentID
                WHERE m.workspaceID = ? AND m.modelID = ?
                """)
        return try Row.fetchOne(statement, arguments: [workspace, modelID]).map(LoggedModelRow.init)
    }

    static func require(_ modelID: String, workspace: Int64, _ database: Database) throws -> LoggedModelRow {
        guard let row = try find(modelID, workspace: workspace, database) else {
            throw TrackingFault.noLoggedModel(modelID)
        }
        return row
    }

    /// - Parameter artifactURI: nil for a model whose files are in the workspace's own storage.
    static func insert(
        _ model: LoggedModel, artifactURI: String?, folder: String?, workspace: Int64, experiment: Int64,
        _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO loggedModel (workspaceID, experimentID, modelID, name, status, modelType, sourceRunID,
                    artifactURI, folder, createdAt, updatedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            workspace, experiment, model.modelID, model.name, model.status.rawValue, model.modelType,
            model.sourceRunID, artifactURI, folder, model.createdAt, model.updatedAt,
        ])
        let row = database.lastInsertedRowID
        try set(model.params, in: "loggedModelParam", row, database)
        try set(model.tags, in: "loggedModelTag", row, database)
    }

    /// A folder among the files of the run that makes the model, so that who looks at the run finds `{name}/MLmodel`
    /// there. Nil when there is no such run here, or it has a model of this name already.
    static func folder(
        forNewModel name: String, run runID: String?, workspace: Int64, _ database: Database
    ) throws -> String? {
        guard let runID, let run = try RunTable.find(runID, workspace: workspace, database),
            ArtifactAddress.folder(ofURI: run.info.artifactURI) == ArtifactAddress.folder(ofRun: runID)
        else { return nil }
        let folder = ArtifactAddress.folder(ofRun: runID) + "/" + name
        let taken = try Bool.fetchOne(
            database, sql: "SELECT 1 FROM loggedModel WHERE experimentID = ? AND folder = ?",
            arguments: [run.experimentID, folder])
        return taken == nil ? folder : nil
    }

    /// - Parameter table: `loggedModelParam` or `loggedModelTag`.
    static func set(_ entries: [Entry], in table: String, _ row: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO \(table) (loggedModelID, key, value) VALUES (?, ?, ?)")
        for entry in entries { try statement.execute(arguments: [row, entry.key, entry.value]) }
    }

    /// The tag in which clients find the registered versions of a logged model: a JSON list of names and numbers.
    private static let versionsTag = "mlflow.modelVersions"

    /// Adds a registered version to the model's list of them.
    static func noteVersion(
        _ version: Int64, of name: String, on modelID: String, workspace: Int64, _ database: Database
    ) throws {
        guard let row = try find(modelID, workspace: workspace, database) else { return }
        let known = try String.fetchOne(
            database, sql: "SELECT value FROM loggedModelTag WHERE loggedModelID = ? AND key = ?",
            arguments: [row.id, versionsTag])
        let entry = "{\"name\": \(JSON.string(name).text), \"version\": \(version)}"
        let inside = known?.dropFirst().dropLast() ?? ""
        guard !inside.contains(entry) else { return }
        let list = inside.isEmpty ? "[\(entry)]" : "[\(inside), \(entry)]"
        try set([Entry(versionsTag, list)], in: "loggedModelTag", row.id, database)
    }

    /// Adds metrics to the models that they measure; those of unknown models stay with their run alone.
    static func log(_ metrics: [Metric], run: String, workspace: Int64, _ database: Database) throws {
        guard !metrics.isEmpty else { return }
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO loggedModelMetric
                    (loggedModelID, key, timestamp, step, runID, value, isNaN, datasetName, datasetDigest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for metric in metrics {
            guard let modelID = metric.modelID,
                let model = try find(modelID, workspace: workspace, database)
            else { continue }
            try insert.execute(arguments: [
                model.id, metric.key, metric.timestamp, metric.step, run, metric.storedValue, metric.value.isNaN,
                metric.datasetName ?? "", metric.datasetDigest ?? "",
            ])
        }
    }

    /// The models with their params, tags and metrics.
    static func filled(_ rows: [LoggedModelRow], _ database: Database) throws -> [LoggedModel] {
        guard !rows.isEmpty else { return [] }
        let list = "[" + rows.map { String($0.id) }.joined(separator: ",") + "]"
        var params: [Int64: [Entry]] = [:], tags: [Int64: [Entry]] = [:], metrics: [Int64: [LoggedModelMetric]] = [:]
        func each(_ table: String, _ columns: String, _ body: (Row) -> Void) throws {
            let statement = try database.cachedStatement(
                sql: "SELECT \(columns) FROM json_each(?) j CROSS JOIN \(table) t ON t.loggedModelID = j.value")
            let cursor = try Row.fetchCursor(statement, arguments: [list])
            while let row = try cursor.next() { body(row) }
        }
        try each("loggedModelParam", "t.loggedModelID, t.key, t.value") {
            params[$0[0], default: []].append(Entry($0[1], $0[2]))
        }
        try each("loggedModelTag", "t.loggedModelID, t.key, t.value") {
            tags[$0[0], default: []].append(Entry($0[1], $0[2]))
        }
        try each(
            "loggedModelMetric",
            "t.loggedModelID, t.value, t.isNaN, t.timestamp, t.step, t.key, t.runID, t.datasetName, t.datasetDigest"
        ) { row in
            let name: String = row[7], digest: String = row[8]
            let point = MetricPoint(value: row[2] ? .nan : row[1], timestamp: row[3], step: row[4])
            metrics[row[0], default: []].append(
                LoggedModelMetric(
                    key: row[5], point: point, runID: row[6], datasetName: name.isEmpty ? nil : name,
                    datasetDigest: digest.isEmpty ? nil : digest))
        }
        return rows.map { row in
            var model = row.model
            model.params = params[row.id] ?? []
            model.tags = tags[row.id] ?? []
            model.metrics = metrics[row.id] ?? []
            return model
        }
    }
}

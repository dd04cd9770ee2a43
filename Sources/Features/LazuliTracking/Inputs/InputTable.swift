import GRDB

/// The statements on what runs read and made: datasets and logged models.
enum InputTable {
    static let contextTag = "mlflow.data.context"

    /// Notes that a run read a dataset. A dataset is one per experiment, name and digest; its first input's tags stay.
    static func add(_ input: DatasetInput, run: Int64, experiment: Int64, _ database: Database) throws {
        let dataset = try datasetID(input.dataset, experiment: experiment, database)
        let insert = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO runInput (runID, datasetID) VALUES (?, ?)")
        try insert.execute(arguments: [run, dataset])
        guard database.changesCount > 0 else { return }
        let inputID = database.lastInsertedRowID
        let tags = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO runInputTag (inputID, key, value) VALUES (?, ?, ?)")
        for tag in input.tags { try tags.execute(arguments: [inputID, tag.key, tag.value]) }
    }

    private static func datasetID(_ dataset: Dataset, experiment: Int64, _ database: Database) throws -> Int64 {
        let find = try database.cachedStatement(
            sql: "SELECT id FROM dataset WHERE experimentID = ? AND name = ? AND digest = ?")
        if let id = try Int64.fetchOne(find, arguments: [experiment, dataset.name, dataset.digest]) { return id }
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO dataset (experimentID, name, digest, sourceType, source, schema, profile)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(arguments: [
            experiment, dataset.name, dataset.digest, dataset.sourceType, dataset.source, dataset.schema,
            dataset.profile,
        ])
        return database.lastInsertedRowID
    }

    /// Notes a logged model as a run's input or output. Doing it again changes nothing but the step.
    static func addModel(
        _ modelID: String, isOutput: Bool, step: Int64, run: Int64, _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO runModel (runID, isOutput, modelID, step) VALUES (?, ?, ?, ?)")
        try statement.execute(arguments: [run, isOutput, modelID, step])
    }

    /// Calls `body` for each dataset that the runs read, in the order it was logged.
    static func datasets(
        ofRuns list: RunList, _ database: Database, _ body: (Int64, DatasetInput) throws -> Void
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT i.id, i.runID, d.name, d.digest, d.sourceType, d.source, d.schema, d.profile FROM \(list.table)
                CROSS JOIN runInput i ON i.runID = j.value CROSS JOIN dataset d ON d.id = i.datasetID
                """)
        let tags = try database.cachedStatement(
            sql: "SELECT key, value FROM runInputTag WHERE inputID = ? ORDER BY key")
        for row in try Row.fetchAll(statement, arguments: [list.argument]) {
            let dataset = Dataset(
                name: row[2], digest: row[3], sourceType: row[4], source: row[5], schema: row[6], profile: row[7])
            let inputID: Int64 = row[0]
            let entries = try Row.fetchAll(tags, arguments: [inputID]).map { Entry($0[0], $0[1]) }
            try body(row[1], DatasetInput(dataset: dataset, tags: entries))
        }
    }

    /// The datasets of experiments, once a context.
    static func summaries(ofExperiments experiments: [Int64], _ database: Database) throws -> [DatasetSummary] {
        let marks = repeatElement("?", count: experiments.count).joined(separator: ", ")
        let sql = """
            SELECT DISTINCT e.number, d.name, d.digest, t.value FROM dataset d JOIN experiment e ON e.id = d.experimentID
            JOIN runInput i ON i.datasetID = d.id
            LEFT JOIN runInputTag t ON t.inputID = i.id AND t.key = '\(contextTag)'
            WHERE d.experimentID IN (\(marks)) ORDER BY e.number, d.name, d.digest LIMIT 1000
            """
        return try Row.fetchAll(database, sql: sql, arguments: StatementArguments(experiments)).map {
            DatasetSummary(experiment: $0[0], name: $0[1], digest: $0[2], context: $0[3])
        }
    }
}

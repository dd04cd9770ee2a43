import GRDB

/// Runs of an SQLite file, read some hundreds at a time.
extension SQLiteSource {
    private static let pageSize = 200

    public func runs(of experiment: StoredExperiment, _ take: (StoredRun) async throws -> Void) async throws {
        let ids = try await queue.read { database in
            try String.fetchAll(
                database, sql: "SELECT run_uuid FROM runs WHERE experiment_id = ? ORDER BY start_time, run_uuid",
                arguments: [Int64(experiment.id)])
        }
        for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
            let page = Array(ids[start..<min(start + Self.pageSize, ids.count)])
            for run in try await queue.read({ try runs(page, of: experiment, $0) }) { try await take(run) }
        }
    }

    private func runs(_ ids: [String], of experiment: StoredExperiment, _ database: Database) throws -> [StoredRun] {
        let page = Page(ids)
        var runs: [String: StoredRun] = [:]
        let columns = [
            "run_uuid", "name", "user_id", "status", "start_time", "end_time", "lifecycle_stage", "artifact_uri",
            "deleted_time",
        ]
        let rows = try rows(columns, of: "runs", page.condition("run_uuid"), page.arguments, database)
        while let row = try rows?.next() {
            let run = self.run(row, experiment)
            runs[run.id] = run
        }
        try addEntries(page, to: &runs, database)
        try addMetrics(page, to: &runs, database)
        try addInputs(page, to: &runs, database)
        return ids.compactMap { runs[$0] }
    }

    /// A list of ids as a condition.
    struct Page {
        let arguments: StatementArguments
        private let marks: String

        init(_ ids: [String]) {
            arguments = StatementArguments(ids)
            marks = repeatElement("?", count: ids.count).joined(separator: ", ")
        }

        func condition(_ column: String) -> String { "\"\(column)\" IN (\(marks))" }
    }

    private func run(_ row: Row, _ experiment: StoredExperiment) -> StoredRun {
        let id: String = row[0], uri: String = row[7] ?? "", stage: String? = row[6]
        var run = StoredRun(
            id: id, experimentID: experiment.id,
            artifacts: local.origin(of: uri, tail: "\(experiment.id)/\(id)/artifacts"))
        run.artifactURI = uri
        run.name = row[1] ?? ""
        run.user = row[2] ?? ""
        run.status = row[3] ?? "RUNNING"
        run.startTime = row[4]
        run.endTime = row[5]
        run.isDeleted = stage == "deleted"
        run.deletedAt = row[8]
        return run
    }

    private func addEntries(_ page: Page, to runs: inout [String: StoredRun], _ database: Database) throws {
        for (table, member) in [("params", \StoredRun.params), ("tags", \StoredRun.tags)] {
            let found = try entries(
                table, id: "run_uuid", key: "key", value: "value", page.condition("run_uuid"), page.arguments, database)
            for (id, entries) in found { runs[id]?[keyPath: member] = entries }
        }
        for (id, run) in runs where run.name.isEmpty {
            runs[id]?.name = run.tags.first { $0.key == "mlflow.runName" }?.value ?? ""
        }
    }

    private func addMetrics(_ page: Page, to runs: inout [String: StoredRun], _ database: Database) throws {
        var found: [String: [String: StoredSeries]] = [:]
        let rows = try rows(
            ["run_uuid", "key", "value", "timestamp", "step", "is_nan"], of: "metrics", page.condition("run_uuid"),
            page.arguments, database)
        while let row = try rows?.next() {
            let id: String = row[0], key: String = row[1], isNaN: Bool = row[5] ?? false, value: Double? = row[2]
            found[id, default: [:]][key, default: StoredSeries(key: key)].append(
                value: isNaN ? .nan : value ?? .nan, timestamp: row[3] ?? 0, step: row[4] ?? 0)
        }
        for (id, series) in found { runs[id]?.metrics = series.values.sorted { $0.key < $1.key } }
    }

    private func addInputs(_ page: Page, to runs: inout [String: StoredRun], _ database: Database) throws {
        try addDatasets(page, to: &runs, database)
        let models = try rows(
            ["source_id", "destination_type", "destination_id", "step"], of: "inputs",
            page.condition("source_id") + " AND destination_type LIKE 'MODEL%'", page.arguments, database)
        while let row = try models?.next() {
            let run: String = row[0], kind: String = row[1]
            if kind == "MODEL_OUTPUT" {
                runs[run]?.modelOutputs.append((row[2], row[3] ?? 0))
            } else {
                runs[run]?.modelInputs.append(row[2])
            }
        }
    }

    private func addDatasets(_ page: Page, to runs: inout [String: StoredRun], _ database: Database) throws {
        guard schema.has("inputs"), schema.has("datasets") else { return }
        let tags = try entries(
            "input_tags", id: "input_uuid", key: "name", value: "value",
            "input_uuid IN (SELECT input_uuid FROM inputs WHERE \(page.condition("destination_id")))", page.arguments,
            database)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT i.destination_id, i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source,
                    d.dataset_schema, d.dataset_profile
                FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
                WHERE i.source_type = 'DATASET' AND i.\(page.condition("destination_id"))
                """, arguments: page.arguments)
        while let row = try rows.next() {
            let run: String = row[0], input: String = row[1]
            runs[run]?.datasets.append(
                StoredDataset(
                    name: row[2], digest: row[3], sourceType: row[4], source: row[5], schema: row[6], profile: row[7],
                    tags: tags[input] ?? []))
        }
    }
}

import GRDB

/// Gathers what was logged to a page of runs: one statement a kind of data, however many runs there are.
struct RunReader {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func runs(_ rows: [RunRow]) throws -> [Run] {
        guard !rows.isEmpty else { return [] }
        let data = try data(of: rows.map(\.id))
        return rows.map { Run(info: $0.info, data: data[$0.id] ?? RunData()) }
    }

    private func data(of runs: [Int64]) throws -> [Int64: RunData] {
        var data: [Int64: RunData] = [:]
        data.reserveCapacity(runs.count)
        let list = RunList(runs)
        try each(Self.metrics, list) { row in
            data[row[0], default: RunData()].metrics.append(
                LatestMetric(
                    key: row[1],
                    point: MetricPoint(
                        value: row[3] ? .nan : row[2], timestamp: row[4], step: row[5])))
        }
        try each(Self.params, list) { data[$0[0], default: RunData()].params.append(Entry($0[1], $0[2])) }
        try each(Self.tags, list) { data[$0[0], default: RunData()].tags.append(Entry($0[1], $0[2])) }
        try each(Self.models, list) { row in
            if row[1] {
                data[row[0], default: RunData()].modelOutputs.append(ModelOutput(modelID: row[2], step: row[3]))
            } else {
                data[row[0], default: RunData()].modelInputs.append(row[2])
            }
        }
        try InputTable.datasets(ofRuns: list, database) { run, input in
            data[run, default: RunData()].datasets.append(input)
        }
        return data
    }

    private func each(_ sql: (String) -> String, _ list: RunList, _ body: (Row) throws -> Void) throws {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: sql(list.table)), arguments: [list.argument])
        while let row = try rows.next() { try body(row) }
    }

    // CROSS JOIN keeps SQLite to this order: the runs of the page, their rows, then the keys' names.
    private static func metrics(_ list: String) -> String {
        """
        SELECT m.runID, k.name, m.value, m.isNaN, m.timestamp, m.step FROM \(list)
        CROSS JOIN latestMetric m ON m.runID = j.value CROSS JOIN trackingKey k ON k.id = m.keyID
        """
    }

    private static func params(_ list: String) -> String {
        """
        SELECT p.runID, k.name, p.value FROM \(list)
        CROSS JOIN param p ON p.runID = j.value CROSS JOIN trackingKey k ON k.id = p.keyID
        """
    }

    private static func tags(_ list: String) -> String {
        """
        SELECT t.runID, k.name, t.value FROM \(list)
        CROSS JOIN tag t ON t.runID = j.value CROSS JOIN trackingKey k ON k.id = t.keyID
        """
    }

    private static func models(_ list: String) -> String {
        "SELECT m.runID, m.isOutput, m.modelID, m.step FROM \(list) CROSS JOIN runModel m ON m.runID = j.value"
    }
}

/// The row numbers of runs as one argument of a statement, whose table `j` has them as `value`.
struct RunList {
    let table: String
    let argument: DatabaseValue

    init(_ runs: [Int64]) {
        if let run = runs.first, runs.count == 1 {
            table = "(SELECT ? AS value) j"
            argument = run.databaseValue
        } else {
            table = "json_each(?) j"
            argument = ("[" + runs.map(String.init).joined(separator: ",") + "]").databaseValue
        }
    }
}

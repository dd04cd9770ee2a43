import LazuliLearning
import LazuliTabular

/// The tables of an experiment. Validation rows, where the user gave some, stand at the end of the training table.
struct ExperimentTables {
    let training: Table
    let validationRows: Int
    let test: Table?
    /// What a person should know about the reading.
    let notes: [TableNote]

    init(_ settings: ExperimentSettings, duckdb: String?) async throws(LearningFault) {
        let source = Self.source(settings.data.places, duckdb)
        let read = try await Self.read(settings.data.training, source)
        var table = read.table, rows = 0, notes = read.notes
        if let path = settings.data.validation {
            let validation = try await Self.read(path, source)
            notes += validation.notes
            rows = validation.table.rowCount
            table = try table.appending(validation.table, named: path)
        }
        var testTable: Table?
        if let path = settings.data.test {
            testTable = try await Self.read(path, source).table
        } else if let share = settings.validation.testShare, share > 0, share < 1, rows == 0 {
            (table, testTable) = table.split(share: share, seed: settings.seed)
        }
        training = table
        validationRows = rows
        test = testTable
        self.notes = notes
    }

    private static func source(_ places: [String: String], _ duckdb: String?) -> TableSource {
        var source = TableSource()
        source.parquet = duckdb.map { DuckDB(path: $0) }
        let refuse = source.localPath
        source.localPath = { address in
            if let path = places[address] { return path }
            return try await refuse(address)
        }
        return source
    }

    private static func read(_ path: String, _ source: TableSource) async throws(LearningFault) -> ReadTable {
        do {
            return try await source.read(path: path)
        } catch {
            throw LearningFault("\(error)")
        }
    }
}

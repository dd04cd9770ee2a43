import LazuliLearning
import LazuliTabular

/// The tables of an experiment. Validation rows, where the user gave some, stand at the end of the training table.
struct ExperimentTables {
    let training: Table
    let validationRows: Int
    let test: Table?
    /// What a person should know about the reading.
    let notes: [TableNote]

    init(_ settings: ExperimentSettings) throws(LearningFault) {
        let read = try Self.read(settings.data.training)
        var table = read.table, rows = 0, notes = read.notes
        if let path = settings.data.validation {
            let validation = try Self.read(path)
            notes += validation.notes
            rows = validation.table.rowCount
            table = try table.appending(validation.table, named: path)
        }
        var testTable: Table?
        if let path = settings.data.test {
            testTable = try Self.read(path).table
        } else if let share = settings.validation.testShare, share > 0, share < 1, rows == 0 {
            (table, testTable) = table.split(share: share, seed: settings.seed)
        }
        training = table
        validationRows = rows
        test = testTable
        self.notes = notes
    }

    private static func read(_ path: String) throws(LearningFault) -> ReadTable {
        do {
            return try TableSource.read(path: path)
        } catch {
            throw LearningFault("\(error)")
        }
    }
}

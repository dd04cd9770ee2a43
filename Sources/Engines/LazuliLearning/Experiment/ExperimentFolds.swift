import LazuliTabular

/// The folds that an experiment's settings ask for.
struct ExperimentFolds {
    let folds: Folds

    /// - Parameter validationRows: so many rows at the end of the table are the validation data that the user gave.
    init(
        _ settings: ExperimentSettings, _ preparation: TablePreparation, _ table: Table, validationRows: Int
    ) throws(LearningFault) {
        let prepared = preparation.table
        if validationRows > 0 {
            let first = table.rowCount - validationRows
            let training = preparation.rows.count { $0 < first }
            guard training > 0, training < prepared.rowCount else {
                throw LearningFault("The training data or the validation data has no row with a target value.")
            }
            folds = Folds(training: training, validation: prepared.rowCount - training)
        } else if !settings.data.foldColumns.isEmpty {
            folds = try Self.byColumns(settings.data.foldColumns, table, preparation.rows)
        } else {
            folds = Folds(
                Self.split(settings.validation, rows: prepared.rowCount), of: prepared.targets, task: prepared.task,
                seed: settings.seed)
        }
    }

    private static func split(_ validation: ExperimentSettings.Validation, rows: Int) -> Folds.Split {
        if let count = validation.folds, count > 1 { return .folds(count) }
        if let share = validation.holdout, share > 0, share < 1 { return .holdout(share) }
        return .usual(rows: rows)
    }

    /// Source: Azure's `cv_split_column_names`: 1 marks training rows, 0 validation rows.
    private static func byColumns(
        _ names: [String], _ table: Table, _ rows: [Int]
    ) throws(LearningFault) -> Folds {
        var folds: [Folds.Fold] = []
        for name in names {
            guard case .numbers(let marks)? = table.column(name)?.values else {
                throw LearningFault("The split column \"\(name)\" is not a column of zeros and ones in the data.")
            }
            var fold = Folds.Fold(training: [], validation: [])
            for (place, row) in rows.enumerated() {
                if marks[row] == 0 { fold.validation.append(place) } else { fold.training.append(place) }
            }
            guard !fold.training.isEmpty, !fold.validation.isEmpty else {
                throw LearningFault(
                    "The split column \"\(name)\" marks no training rows (1) or no validation rows (0).")
            }
            folds.append(fold)
        }
        return Folds(folds: folds, words: "\(names.count) folds by columns")
    }
}

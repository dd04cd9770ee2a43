import LazuliTabular

/// What the columns are worth to the winner: how much worse it predicts when a column's values are shuffled among rows.
///
/// Source: L. Breiman, "Random forests", 2001, section 10 (permutation importance).
package struct Importance {
    /// Greatest first; shares add up to 1.
    package let columns: [ExperimentEvent.Ending.Importance]

    private static let mostRows = 1_000
    /// Beyond this, a table's columns are too many to be shuffled one after the other.
    private static let mostColumns = 300

    package init(_ result: Experiment.Result) {
        let used = result.model.columns.filter(\.isUsed).map(\.name)
        let all = result.folds.validated
        let step = max(1, all.count / Self.mostRows)
        let table = result.preparation.table.rows(stride(from: 0, to: all.count, by: step).map { all[$0] })
        guard used.count <= Self.mostColumns else {
            columns = []
            return
        }
        let base = Self.loss(result.model, table)
        let rises = used.map { name -> ExperimentEvent.Ending.Importance in
            .init(column: name, share: max(0, Self.loss(result.model, table.shuffling(name)) - base))
        }
        let total = rises.reduce(0) { $0 + $1.share }
        columns = rises.sorted { $0.share > $1.share }.map { rise in
            .init(column: rise.column, share: total > 0 ? rise.share / total : 0)
        }
    }

    private static func loss(_ model: FinalModel, _ table: PreparedTable) -> Double {
        let predictions = model.predictions(of: table)
        guard table.task == .regression else {
            return Losses.logLoss(predictions, truth: table.targets.map { Int($0) })
        }
        return Losses.rootMeanSquaredError(predictions, truth: model.target.values(table.targets))
    }
}

extension PreparedTable {
    /// Some of the rows.
    func rows(_ rows: [Int]) -> PreparedTable {
        PreparedTable(
            columns: columns.map { column in
                Column(name: column.name, kind: column.kind, role: column.role, values: column.values.rows(rows))
            }, rowCount: rows.count, task: task, targets: rows.map { targets[$0] },
            weights: weights.map { all in rows.map { all[$0] } })
    }

    /// The same with one column's values in another order.
    fileprivate func shuffling(_ name: String) -> PreparedTable {
        var random = RandomNumbers(seed: 1)
        let order = (0..<rowCount).shuffled(using: &random)
        var table = self
        for place in table.columns.indices where table.columns[place].name == name {
            table.columns[place].values = table.columns[place].values.rows(order)
        }
        return table
    }
}

extension PreparedTable.Values {
    fileprivate func rows(_ rows: [Int]) -> PreparedTable.Values {
        switch self {
        case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
        case .times(let times): .times(rows.map { times[$0] })
        case .labels(let labels):
            .labels(LabelValues(codes: rows.map { labels.codes[$0] }, texts: labels.texts))
        }
    }
}

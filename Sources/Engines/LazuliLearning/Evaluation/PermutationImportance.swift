import LazuliTabular

/// How much worse a model predicts when a column's values are shuffled among rows.
///
/// Source: L. Breiman, "Random forests", 2001, section 10 (permutation importance).
struct PermutationImportance {
    static let mostRows = 1_000
    private static let leastRows = 50
    /// Beyond this, a table's columns are too many to be shuffled one after the other.
    private static let mostColumns = 300

    private let model: FinalModel
    private let seconds: Double

    init(_ model: FinalModel, seconds: Double) {
        self.model = model
        self.seconds = seconds
    }

    func measure(_ table: PreparedTable) -> Importance.Measured {
        let used = model.columns.filter(\.isUsed).map(\.name)
        guard used.count <= Self.mostColumns else { return (.permutation, 0, []) }
        let end = ContinuousClock.now + .seconds(seconds + Self.mostOverrun)
        let (table, base) = affordable(table, times: used.count)
        var rises: [Importance.Column] = []
        for name in used {
            // Some columns' worth without the others' would mislead.
            guard ContinuousClock.now < end else { return (.permutation, 0, []) }
            rises.append(Importance.Column(name: name, amount: loss(table.shuffling(name)) - base))
        }
        return (.permutation, table.rowCount, rises)
    }

    /// Seconds that it may take longer than told: what a few rows take cannot be told from one try.
    private static let mostOverrun = 0.4

    /// As many of the rows as there is time to predict so many times, by how long once takes; and their loss.
    private func affordable(_ table: PreparedTable, times: Int) -> (PreparedTable, Double) {
        let clock = ContinuousClock(), start = clock.now
        let base = loss(table)
        let once = (clock.now - start) / .seconds(1)
        let share = seconds / (once * Double(max(1, times)))
        let rows = max(Self.leastRows, Int(min(1, share) * Double(table.rowCount)))
        guard rows < table.rowCount else { return (table, base) }
        let fewer = table.rows((0..<rows).map { $0 * table.rowCount / rows })
        return (fewer, loss(fewer))
    }

    private func loss(_ table: PreparedTable) -> Double {
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
        case .numbers(let numbers): .numbers(SharedArray(rows.lazy.map { numbers[$0] }))
        case .times(let times): .times(SharedArray(rows.lazy.map { times[$0] }))
        case .labels(let labels):
            .labels(LabelValues(codes: rows.map { labels.codes[$0] }, texts: labels.texts))
        }
    }
}

/// The parts of the rows that are learned from and validated on.
package struct Folds: Sendable, Equatable {
    package struct Fold: Sendable, Equatable {
        package var training: [Int]
        package var validation: [Int]
    }

    package var folds: [Fold]
    /// For people, for instance `3 folds`.
    package var words: String

    /// The share of the rows that a fold does not learn from.
    package var heldOut: Double {
        guard let fold = folds.first else { return 0 }
        return Double(fold.validation.count) / Double(max(1, fold.validation.count + fold.training.count))
    }

    /// Rows that are validated on in any fold, in ascending order; all rows when there are several folds.
    package var validated: [Int] { folds.flatMap(\.validation).sorted() }
}

extension Folds {
    /// How rows are split when the user does not say.
    ///
    /// Source: Azure, "Data splits and cross-validation in automated machine learning".
    package enum Split: Sendable, Equatable {
        case folds(Int)
        case holdout(Double)

        package static func usual(rows: Int) -> Split {
            if rows < 1_000 { return .folds(10) }
            return rows <= 20_000 ? .folds(3) : .holdout(0.1)
        }
    }

    /// Splits the rows so that every part has the same mixture of classes, or of values.
    package init(_ split: Split, of targets: [Double], task: LearningTask, seed: UInt64) {
        let order = Self.stratified(targets, task, seed)
        switch split {
        case .folds(let wanted):
            let count = max(2, min(wanted, targets.count))
            var parts = Array(repeating: [Int](), count: count)
            for (place, row) in order.enumerated() { parts[place % count].append(row) }
            folds = parts.map { Self.fold(validation: $0, of: targets.count) }
            words = "\(count) folds"
        case .holdout(let share):
            let count = min(targets.count - 1, max(1, Int((Double(targets.count) * share).rounded())))
            let step = Double(targets.count) / Double(count)
            let held = (0..<count).map { order[min(targets.count - 1, Int((Double($0) + 0.5) * step))] }
            folds = [Self.fold(validation: held, of: targets.count)]
            words = "\((share * 100).formattedShort) % held out"
        }
    }

    /// The last rows are the validation data that the user gave.
    package init(training: Int, validation: Int) {
        folds = [Fold(training: Array(0..<training), validation: Array(training..<training + validation))]
        words = "validation data of \(validation) rows"
    }

    private static func fold(validation: [Int], of count: Int) -> Fold {
        var isHeld = Array(repeating: false, count: count)
        for row in validation { isHeld[row] = true }
        return Fold(training: (0..<count).filter { !isHeld[$0] }, validation: validation.sorted())
    }

    /// Rows in such an order that neighbours are alike in their target, shuffled among their like.
    private static func stratified(_ targets: [Double], _ task: LearningTask, _ seed: UInt64) -> [Int] {
        var random = RandomNumbers(seed: seed)
        var order = Array(targets.indices)
        order.shuffle(using: &random)
        switch task {
        case .classification: return order.sorted { targets[$0] < targets[$1] }
        case .regression:
            // Blocks of rows with like values, shuffled within.
            let sorted = order.sorted { targets[$0] < targets[$1] }
            let block = 20
            return stride(from: 0, to: sorted.count, by: block).flatMap { start in
                sorted[start..<min(start + block, sorted.count)].shuffled(using: &random)
            }
        }
    }
}

extension Double {
    /// Without a fraction where it has none.
    var formattedShort: String { Int64(exactly: self).map(String.init) ?? String(self) }
}

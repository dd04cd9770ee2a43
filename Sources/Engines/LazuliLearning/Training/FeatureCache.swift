/// Features of a fold by a view: fitted once, used by every candidate that sees the table the same way.
struct FeatureCache {
    private struct Key: Hashable {
        let view: FeatureView
        let fold: Int?
        let sample: Int?
        /// Of large tables, whose features are there in one form only.
        let library: BoostingLibrary?
    }

    struct Entry {
        let features: FittedFeatures
        let data: BoostingData
    }

    /// Threads that one model may be trained on.
    let threads: Int
    /// Of more numbers than this, a library's own form is all that is kept.
    private let large: Int
    private var entries: [(key: Key, entry: Entry)] = []

    init(threads: Int, large: Int = 15_000_000) {
        self.threads = threads
        self.large = large
    }

    /// Numbers that the features of all entries may hold together.
    private static let most = 60_000_000

    mutating func features(
        _ order: TrainingOrder, _ table: PreparedTable, _ folds: Folds
    ) throws(LearningFault) -> Entry {
        let size = (order.sample ?? table.rowCount) * table.columns.count, isLarge = size > large
        let key = Key(
            view: order.candidate.view, fold: order.fold, sample: order.sample,
            library: isLarge ? order.candidate.library : nil)
        if let place = entries.firstIndex(where: { $0.key == key }) {
            let found = entries.remove(at: place)
            entries.append(found)
            return found.entry
        }
        // Before the new ones are made: both at once would be the most that this process ever holds.
        if isLarge { entries.removeAll() }
        let entry = try make(order, table, folds, keepsFeatures: !isLarge)
        entries.append((key, entry))
        while entries.count > 1, entries.reduce(0, { $0 + $1.entry.data.size }) > Self.most { entries.removeFirst() }
        return entry
    }

    private func make(
        _ order: TrainingOrder, _ table: PreparedTable, _ folds: Folds, keepsFeatures: Bool
    ) throws(LearningFault) -> Entry {
        let fold = order.fold.map { folds.folds[$0] }
        var rows = fold?.training ?? Array(0..<table.rowCount)
        if let sample = order.sample { rows = Self.sampled(rows, sample) }
        let (features, training) = FeatureFitting(table, view: order.candidate.view, rows: rows).fitted()
        guard features.width > 0 else {
            throw LearningFault("No column is left that a model could learn from.")
        }
        let validation = fold.map { fold in
            table.set(features.features(of: table, rows: fold.validation), rows: fold.validation)
        }
        return Entry(
            features: features,
            data: BoostingData(
                training: table.set(training, rows: rows), validation: validation, task: table.task, threads: threads,
                keepsFeatures: keepsFeatures))
    }

    /// Evenly spread rows.
    private static func sampled(_ rows: [Int], _ count: Int) -> [Int] {
        guard count < rows.count else { return rows }
        let step = Double(rows.count) / Double(count)
        return (0..<count).map { rows[Int(Double($0) * step)] }
    }
}

extension PreparedTable {
    fileprivate func set(_ features: FeatureMatrix, rows: [Int]) -> TrainingSet {
        TrainingSet(
            features: features, targets: rows.map { targets[$0] }, weights: weights.map { all in rows.map { all[$0] } })
    }
}

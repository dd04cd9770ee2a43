/// Remembers rows, and lets the nearest ones vote.
///
/// Rows count alike, whatever their weights, as in scikit-learn's `KNeighborsClassifier`.
package struct NearestNeighbours: Trainer {
    package var neighbours: Int
    /// Whether nearer rows count more, by 1 / distance.
    package var weighsByDistance: Bool
    /// How many rows are remembered at most; of more, some are chosen by `seed`.
    package var mostRows: Int
    package var seed: UInt64

    package init(neighbours: Int = 5, weighsByDistance: Bool = false, mostRows: Int = 20_000, seed: UInt64 = 0) {
        self.neighbours = neighbours
        self.weighsByDistance = weighsByDistance
        self.mostRows = mostRows
        self.seed = seed
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        try training.check(task)
        guard neighbours > 0 else {
            throw LearningFault("KNN needs at least one neighbour; n_neighbors is \(neighbours).")
        }
        let kept =
            training.features.rowCount > mostRows ? training.rows(chosen(of: training.features.rowCount)) : training
        return .neighbours(
            NeighbourModel(
                rows: kept.features.rowMajor(), features: kept.features.columnCount, targets: kept.targets,
                neighbours: min(neighbours, kept.targets.count), weighsByDistance: weighsByDistance, task: task))
    }

    private func chosen(of count: Int) -> [Int] {
        var random = RandomNumbers(seed: seed)
        var rows = (0..<UInt32(count)).map { $0 }
        rows.withUnsafeMutableBufferPointer { random.shuffle($0) }
        return rows.prefix(mostRows).map(Int.init).sorted()
    }
}

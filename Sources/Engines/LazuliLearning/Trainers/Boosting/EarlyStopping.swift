/// Watches a loss from round to round and says when to stop; keeps the best predictions.
struct EarlyStopping {
    /// Rounds without progress after which it stops.
    let patience: Int
    private(set) var best = Double.infinity
    /// Rounds that the best loss took.
    private(set) var bestRounds = 0
    private(set) var bestPredictions: [Double] = []
    private(set) var rounds = 0

    init(patience: Int) { self.patience = patience }

    /// - Returns: false when it is time to stop.
    mutating func note(_ loss: Double, _ predictions: [Double]) -> Bool {
        rounds += 1
        if loss < best {
            best = loss
            bestRounds = rounds
            bestPredictions = predictions
        }
        return rounds - bestRounds < patience
    }
}

/// The loss of predictions that stand output after output: log loss, or the mean squared error.
struct BoostingLoss {
    let targets: [Double]
    let weights: [Double]?
    let task: LearningTask
    private let totalWeight: Double

    init(_ set: TrainingSet, _ task: LearningTask) {
        targets = set.targets
        weights = set.weights
        self.task = task
        totalWeight = set.weights?.reduce(0, +) ?? Double(set.targets.count)
    }

    private static let smallest = 1e-15

    /// - Parameter values: for two classes the probability of the second, else a number per class and row.
    func callAsFunction(_ values: [Double]) -> Double {
        var sum = 0.0
        let count = targets.count
        values.withUnsafeBufferPointer { values in
            for row in 0..<count {
                let target = targets[row], weight = weights?[row] ?? 1
                switch task {
                case .regression:
                    let error = values[row] - target
                    sum += weight * error * error
                case .classification(classes: 2):
                    let probability = target > 0.5 ? values[row] : 1 - values[row]
                    sum -= weight * logarithm(max(probability, Self.smallest))
                case .classification:
                    sum -= weight * logarithm(max(values[Int(target) * count + row], Self.smallest))
                }
            }
        }
        return sum / totalWeight
    }
}

/// A weighted mean of models that predicts better than each of them.
///
/// Source: R. Caruana et al., "Ensemble selection from libraries of models", ICML 2004: the model is added, again if need
/// be, whose addition lowers the loss of the mean most.
struct EnsembleSelection {
    /// Numbers per model and row that decide the loss: the probability of the row's own class, or the value.
    private let decisive: [[Float]]
    private let targets: [Double]
    private let weights: [Double]?
    private let task: LearningTask

    /// - Parameter predictions: per model the predictions of all rows, row after row.
    init(_ predictions: [[Float]], targets: [Double], weights: [Double]?, task: LearningTask) {
        let width = task.width
        decisive = predictions.map { all in
            targets.indices.map { row in
                task == .regression ? all[row] : all[row * width + Int(targets[row])]
            }
        }
        self.targets = targets
        self.weights = weights
        self.task = task
    }

    /// - Parameter rounds: models to add.
    /// - Returns: a weight per model, which add up to 1, and the loss of the mean.
    func chosen(rounds: Int) -> (weights: [Double], loss: Double) {
        var counts = Array(repeating: 0, count: decisive.count)
        guard !decisive.isEmpty else { return ([], .infinity) }
        var sums = Array(repeating: Float(0), count: targets.count)
        var best = (loss: Double.infinity, counts: counts)
        for round in 1...rounds {
            let losses = decisive.map { loss(sums, adding: $0, count: round) }
            guard let place = losses.indices.min(by: { losses[$0] < losses[$1] }) else { break }
            counts[place] += 1
            for row in sums.indices { sums[row] += decisive[place][row] }
            if losses[place] < best.loss * (1 - 1e-7) { best = (losses[place], counts) }
        }
        let total = Double(best.counts.reduce(0, +))
        return (best.counts.map { Double($0) / max(1, total) }, best.loss)
    }

    /// The loss of the mean of some models and one more.
    private func loss(_ sums: [Float], adding: [Float], count: Int) -> Double {
        var sum = 0.0, total = 0.0
        let share = 1 / Double(count)
        for row in sums.indices {
            let mean = Double(sums[row] + adding[row]) * share, weight = weights?[row] ?? 1
            if task == .regression {
                let error = mean - targets[row]
                sum += weight * error * error
            } else {
                sum -= weight * logarithm(max(mean, 1e-7))
            }
            total += weight
        }
        return sum / max(total, 1e-300)
    }
}

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
    private let kinds: [String?]

    /// - Parameter rounds: models to add.
    /// - Returns: a weight per model, which add up to 1, and the loss of the mean.
    func chosen(rounds: Int) -> (weights: [Double], loss: Double) {
        var counts = Array(repeating: 0, count: decisive.count)
        guard !decisive.isEmpty else { return ([], .infinity) }
        var sums = Array(repeating: Float(0), count: targets.count)
        var best = (loss: Double.infinity, counts: counts)
        for round in 1...rounds {
            let losses = decisive.indices.filter { isFree($0, counts) }
                .map { (place: $0, loss: loss(sums, adding: decisive[$0], count: round)) }
            guard let (place, loss) = losses.min(by: { $0.loss < $1.loss }) else { break }
            counts[place] += 1
            for row in sums.indices { sums[row] += decisive[place][row] }
            if loss < best.loss * (1 - 1e-7) { best = (loss, counts) }
        }
        let total = Double(best.counts.reduce(0, +))
        return (best.counts.map { Double($0) / max(1, total) }, best.loss)
    }

    /// The mean of what is chosen on random halves of the rows, which leans less on single rows than what all choose.
    ///
    /// Source: R. Caruana et al., "Getting the most out of ensemble selection", ICDM 2006.
    /// - Returns: a weight per model, which add up to 1, and the loss of their mean on all rows.
    func chosenOnHalves(_ count: Int, rounds: Int, seed: UInt64) -> (weights: [Double], loss: Double) {
        // Of a kind that only one may be chosen of, the same one on all halves.
        let onAll = chosen(rounds: rounds).weights
        let places = decisive.indices.filter { kinds[$0] == nil || onAll[$0] > 0 }
        var random = RandomNumbers(seed: seed), sums = decisive.map { _ in 0.0 }, rows = Array(targets.indices)
        for _ in 0..<count {
            rows.shuffle(using: &random)
            let half = part(places, rows.prefix((rows.count + 1) / 2)).chosen(rounds: rounds)
            for (place, weight) in zip(places, half.weights) { sums[place] += weight / Double(count) }
        }
        return (sums, loss(ofMean: sums))
    }

    private func part(_ places: [Int], _ rows: some Collection<Int>) -> EnsembleSelection {
        EnsembleSelection(
            decisive: places.map { place in rows.map { decisive[place][$0] } }, targets: rows.map { targets[$0] },
            weights: weights.map { all in rows.map { all[$0] } }, task: task, kinds: places.map { kinds[$0] })
    }

    private func loss(ofMean weights: [Double]) -> Double {
        var mean = Array(repeating: Float(0), count: targets.count)
        for (place, weight) in weights.enumerated() where weight > 0 {
            for row in mean.indices { mean[row] += Float(weight) * decisive[place][row] }
        }
        return loss(mean, adding: Array(repeating: 0, count: mean.count), count: 1)
    }

    /// Whether no other model of its kind was chosen.
    private func isFree(_ place: Int, _ counts: [Int]) -> Bool {
        guard let kind = kinds[place] else { return true }
        return !kinds.indices.contains { $0 != place && kinds[$0] == kind && counts[$0] > 0 }
    }

    /// The loss of the mean of some models and one more.
    private func loss(_ sums: [Float], adding: [Float], count: Int) -> Double {
        let share = 1 / Double(count)
        return sums.withUnsafeBufferPointer { sums in
            adding.withUnsafeBufferPointer { adding in
                func mean(_ row: Int) -> Double { Double(sums[row] + adding[row]) * share }
                if task == .regression { return squaredError(sums.count, mean) }
                return weights == nil ? logLoss(sums.count, mean) : weightedLogLoss(sums.count, mean)
            }
        }
    }

    private static let leastProbability = 1e-7

    @inline(__always)
    private func squaredError(_ rows: Int, _ mean: (Int) -> Double) -> Double {
        var sum = 0.0, total = 0.0
        for row in 0..<rows {
            let error = mean(row) - targets[row], weight = weights?[row] ?? 1
            sum += weight * error * error
            total += weight
        }
        return sum / max(total, 1e-300)
    }

    @inline(__always)
    private func weightedLogLoss(_ rows: Int, _ mean: (Int) -> Double) -> Double {
        var sum = 0.0, total = 0.0
        for row in 0..<rows {
            let weight = weights?[row] ?? 1
            sum -= weight * logarithm(max(mean(row), Self.leastProbability))
            total += weight
        }
        return sum / max(total, 1e-300)
    }

    /// One logarithm of a product of so many probabilities, none too small for it, stands for as many logarithms.
    private static let atOnce = 32

    @inline(__always)
    private func logLoss(_ rows: Int, _ mean: (Int) -> Double) -> Double {
        var sum = 0.0, first = 0
        while first < rows {
            let end = min(first + Self.atOnce, rows)
            var product = 1.0
            for row in first..<end {
                let probability = mean(row)
                product *= probability > Self.leastProbability ? probability : Self.leastProbability
            }
            sum -= logarithm(product)
            first = end
        }
        return sum / max(Double(rows), 1e-300)
    }
}

extension EnsembleSelection {
    /// - Parameters:
    ///   - predictions: per model the predictions of all rows, row after row.
    ///   - kinds: per model its kind, where only one of the kind may be chosen.
    init(
        _ predictions: [[Float]], targets: [Double], weights: [Double]?, task: LearningTask, kinds: [String?]
    ) {
        let width = task.width
        let decisive = predictions.map { all in
            targets.indices.map { row in
                task == .regression ? all[row] : all[row * width + Int(targets[row])]
            }
        }
        self.init(decisive: decisive, targets: targets, weights: weights, task: task, kinds: kinds)
    }
}

import Foundation

/// Linear models trained a row at a time, in random order, their weights averaged over the last passes.
///
/// Of classes: each against the rest, by logarithmic or modified Huber loss. Of values: by squared error of the
/// standardised target. Source of losses and steps: scikit-learn's `SGDClassifier` and `SGDRegressor`.
package struct StochasticGradient: Trainer {
    package enum ClassificationLoss: String, Sendable {
        case log = "log_loss"
        case modifiedHuber = "modified_huber"
    }

    package var loss: ClassificationLoss
    /// The strength of the penalty on squared weights.
    package var alpha: Double
    /// How often all rows are visited at most.
    package var epochs: Int
    /// It has converged when the mean loss has fallen by less than this for five passes.
    package var tolerance: Double
    package var seed: UInt64

    package init(
        loss: ClassificationLoss = .log, alpha: Double = 1e-4, epochs: Int = 100, tolerance: Double = 1e-3,
        seed: UInt64 = 0
    ) {
        self.loss = loss
        self.alpha = alpha
        self.epochs = epochs
        self.tolerance = tolerance
        self.seed = seed
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        try training.check(task)
        let rows = training.features.rowMajor()
        switch task {
        case .classification(let classes):
            return try classifier(training, rows, classes, isOver).checked("SGD")
        case .regression:
            return try regressor(training, rows, isOver).checked("SGD")
        }
    }

    private func classifier(
        _ training: TrainingSet, _ rows: [Float], _ classes: Int, _ isOver: () -> Bool
    ) -> LinearModel {
        var (found, calibrations) = ([[Double]](), [SigmoidCalibration]())
        for score in 0..<OneVersusRest.scores(classes) {
            let one = Double(OneVersusRest.classOf(score: score, classes: classes))
            let targets = training.targets.map { $0 == one ? 1.0 : -1 }
            let step: StochasticDescent.Loss = loss == .log ? .log : .modifiedHuber
            let row = descend(rows, targets, training, step, isOver)
            found.append(row)
            calibrations.append(calibration(row, targets, training, isOver))
        }
        return OneVersusRest(rows: found, calibrations: calibrations).model
    }

    /// Scores of logarithmic loss are log-odds already.
    private func calibration(
        _ row: [Double], _ targets: [Double], _ training: TrainingSet, _ isOver: () -> Bool
    ) -> SigmoidCalibration {
        if loss == .log { return SigmoidCalibration() }
        let model = LinearModel(weights: row.dropLast(), intercepts: [row.last ?? 0], link: .identity)
        return SigmoidCalibration(
            scores: model.sums(over: training.features).values, isPositive: targets.map { $0 > 0 },
            weights: training.rowWeights, isOver: isOver)
    }

    private func regressor(_ training: TrainingSet, _ rows: [Float], _ isOver: () -> Bool) -> LinearModel {
        let weights = training.rowWeights
        let total = max(weights.reduce(0, +), .leastNormalMagnitude)
        let mean = zip(weights, training.targets).reduce(0) { $0 + $1.0 * $1.1 } / total
        let variance = zip(weights, training.targets).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / total
        let scale = variance > 0 ? variance.squareRoot() : 1
        let row = descend(rows, training.targets.map { ($0 - mean) / scale }, training, .squared, isOver)
        return LinearModel(
            weights: row.dropLast().map { $0 * scale }, intercepts: [(row.last ?? 0) * scale + mean], link: .identity)
    }

    private func descend(
        _ rows: [Float], _ targets: [Double], _ training: TrainingSet, _ loss: StochasticDescent.Loss,
        _ isOver: () -> Bool
    ) -> [Double] {
        var descent = StochasticDescent(
            loss: loss, alpha: alpha, rows: rows, columns: training.features.columnCount, targets: targets,
            weights: training.rowWeights)
        return descent.run(epochs: epochs, tolerance: tolerance, seed: seed, isOver: isOver)
    }
}

/// One score's weights, followed by its intercept, on their way down.
struct StochasticDescent {
    enum Loss {
        case log, modifiedHuber, squared
    }

    let loss: Loss
    let alpha: Double
    /// Row-major.
    let rows: [Float]
    let columns: Int
    /// −1 or 1; values when the loss is squared.
    let targets: [Double]
    let weights: [Double]

    /// Returns the mean of the weights after the first pass, which is better than the last ones.
    mutating func run(epochs: Int, tolerance: Double, seed: UInt64, isOver: () -> Bool) -> [Double] {
        var random = RandomNumbers(seed: seed)
        var order = (0..<UInt32(targets.count)).map { $0 }
        var current = Array(repeating: 0.0, count: columns + 1)
        var (mean, steps, averaged) = (current, 0, 0)
        var (best, idle) = (Double.infinity, 0)
        let total = max(weights.reduce(0, +), .leastNormalMagnitude)
        for epoch in 0..<epochs where !isOver() {
            order.withUnsafeMutableBufferPointer { random.shuffle($0) }
            let cost = pass(order, &current, &mean, &steps, &averaged, isAveraging: epoch > 0) / total
            idle = cost > best - tolerance ? idle + 1 : 0
            best = min(best, cost)
            if idle >= 5 || !cost.isFinite { break }
        }
        return averaged > 0 ? mean : current
    }

    /// Visits every row once; returns the sum of the losses met.
    private func pass(
        _ order: [UInt32], _ current: inout [Double], _ mean: inout [Double], _ steps: inout Int,
        _ averaged: inout Int, isAveraging: Bool
    ) -> Double {
        var cost = 0.0
        let count = columns
        current.withUnsafeMutableBufferPointer { current in
            mean.withUnsafeMutableBufferPointer { mean in
                rows.withUnsafeBufferPointer { rows in
                    for row in order {
                        let (row, start) = (Int(row), Int(row) * count)
                        var score = current[count]
                        for column in 0..<count { score += current[column] * Double(rows[start + column]) }
                        let (value, slope) = lossAndSlope(score, targets[row])
                        cost += weights[row] * value
                        let length = stepLength(steps)
                        steps += 1
                        let push = -length * weights[row] * max(-1e12, min(1e12, slope))
                        let decay = max(0, 1 - length * alpha)
                        for column in 0..<count {
                            current[column] = current[column] * decay + push * Double(rows[start + column])
                        }
                        current[count] += push
                        guard isAveraging else { continue }
                        averaged += 1
                        let share = 1 / Double(averaged)
                        for column in 0...count { mean[column] += share * (current[column] - mean[column]) }
                    }
                }
            }
        }
        return cost
    }

    /// Falls with the steps taken: for classes as 1 / (alpha · (t₀ + t)), for values as 0.01 / t^¼.
    private func stepLength(_ steps: Int) -> Double {
        if loss == .squared { return 0.01 / Double(steps + 1).squareRoot().squareRoot() }
        let typical = (1 / max(alpha, 1e-12).squareRoot()).squareRoot()
        let first = typical / max(1, abs(lossAndSlope(-typical, 1).slope))
        return 1 / (max(alpha, 1e-12) * Double(steps) + 1 / first)
    }

    @inline(__always)
    private func lossAndSlope(_ score: Double, _ target: Double) -> (value: Double, slope: Double) {
        switch loss {
        case .squared: return ((score - target) * (score - target) / 2, score - target)
        case .log:
            let margin = target * score
            let ratio = exp(-abs(margin))
            let doubt = (margin < 0 ? 1 : ratio) / (1 + ratio)
            return (log1p(ratio) + max(-margin, 0), -target * doubt)
        case .modifiedHuber:
            let margin = target * score
            if margin >= 1 { return (0, 0) }
            if margin < -1 { return (-4 * margin, -4 * target) }
            return ((1 - margin) * (1 - margin), -2 * (1 - margin) * target)
        }
    }
}

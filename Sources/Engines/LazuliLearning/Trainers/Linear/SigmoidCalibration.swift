import Foundation

/// Turns scores of one class against the rest into probabilities: p = 1 / (1 + exp(−(slope · score + offset))).
///
/// Source: Platt, "Probabilistic outputs for support vector machines", whose softened targets it takes.
struct SigmoidCalibration {
    var slope = 1.0
    var offset = 0.0

    /// Scores that are log-odds already.
    init() {}

    /// - Parameter isPositive: per row whether it is of the class.
    init(scores: [Double], isPositive: [Bool], weights: [Double], isOver: () -> Bool) {
        var (positives, negatives) = (0.0, 0.0)
        for row in scores.indices {
            if isPositive[row] { positives += weights[row] } else { negatives += weights[row] }
        }
        let (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
        let scale = max(scores.reduce(0) { max($0, abs($1)) }, 1e-30)
        let features = FeatureMatrix(
            rowCount: scores.count, columnCount: 1, values: scores.map { Float($0 / scale) })
        var objective = LinearObjective(
            LinearColumns(features), targets: isPositive.map { $0 ? high : low }, weights: weights, loss: .logistic,
            outputs: 1, penalty: 1e-9)
        let start = [0, log((positives + 1) / (negatives + 1))]
        let found = LimitedMemoryBFGS(maxIterations: 100, tolerance: 1e-7).minimize(start, isOver: isOver) {
            objective.evaluate($0, gradient: $1)
        }
        (slope, offset) = (found[0] / scale, found[1])
    }
}

/// Linear scores of each class against the rest, and how they become probabilities.
struct OneVersusRest {
    /// Per score its weights, then its intercept.
    var rows: [[Double]]
    var calibrations: [SigmoidCalibration]

    /// Two classes share one score.
    static func scores(_ classes: Int) -> Int { classes == 2 ? 1 : classes }

    /// Which class a score speaks for.
    static func classOf(score: Int, classes: Int) -> Int { classes == 2 ? 1 : score }

    /// One linear model: calibration is folded into the weights.
    var model: LinearModel {
        var (weights, intercepts) = ([Double](), [Double]())
        for (row, calibration) in zip(rows, calibrations) {
            weights += row.dropLast().map { $0 * calibration.slope }
            intercepts.append((row.last ?? 0) * calibration.slope + calibration.offset)
        }
        return LinearModel(weights: weights, intercepts: intercepts, link: rows.count == 1 ? .logistic : .oneVersusRest)
    }
}

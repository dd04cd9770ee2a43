import Foundation

/// All of a regressor's metrics on rows whose value is known.
///
/// Source: scikit-learn 1.5 and `scipy.stats.spearmanr`, on whose definitions Azure's rest. Azure's own: `r2_score` is
/// never below −1; percentages are out of 100 and leave out rows whose true value is 0; `normalized_*` are divided by
/// the range of the true values.
package struct RegressionMetrics: Sendable {
    private let truth: [Double]
    private let predicted: [Double]
    private let weights: [Double]?
    private let range: ClosedRange<Double>?

    /// - Parameter range: the least and the greatest true value of training and validation rows together; when nil,
    ///   those of `truth`.
    package init(
        truth: [Double], predictions: Predictions, weights: [Double]? = nil, range: ClosedRange<Double>? = nil
    ) {
        precondition(predictions.width == 1 && truth.count == predictions.rowCount)
        self.truth = truth
        predicted = predictions.values
        self.weights = weights
        self.range = range ?? Self.range(of: truth)
    }

    /// The least and the greatest of some values; nil when there are none.
    package static func range(of values: [Double]) -> ClosedRange<Double>? {
        guard let least = values.min(), let greatest = values.max(), least <= greatest else { return nil }
        return least...greatest
    }

    /// Every metric that has a value, in the order of `Metric.all`.
    package var all: [(metric: Metric, value: Double)] {
        Metric.all(for: .regression).compactMap { metric in self[metric].map { (metric, $0) } }
    }

    /// The value of a metric; nil where the rows do not define one.
    package subscript(metric: Metric) -> Double? {
        guard !truth.isEmpty else { return nil }
        return switch metric {
        case .explainedVariance: explainedVariance
        case .meanAbsoluteError: mean { abs($0 - $1) }
        case .meanAbsolutePercentageError: meanAbsolutePercentageError
        case .medianAbsoluteError: medianAbsoluteError
        case .normalizedMeanAbsoluteError: normalized(self[.meanAbsoluteError])
        case .normalizedMedianAbsoluteError: normalized(medianAbsoluteError)
        case .normalizedRootMeanSquaredError: normalized(self[.rootMeanSquaredError])
        case .normalizedRootMeanSquaredLogError: normalizedRootMeanSquaredLogError
        case .r2: r2
        case .rootMeanSquaredError: mean { ($0 - $1) * ($0 - $1) }.squareRoot()
        case .rootMeanSquaredLogError: rootMeanSquaredLogError
        case .spearmanCorrelation: spearmanCorrelation
        default: nil
        }
    }

    private func mean(_ loss: (Double, Double) -> Double) -> Double {
        predicted.withUnsafeBufferPointer { Losses.mean($0, truth, weights, loss) }
    }

    private func normalized(_ error: Double?) -> Double? {
        guard let error, let range, range.upperBound > range.lowerBound else { return nil }
        return error / (range.upperBound - range.lowerBound)
    }

    private var explainedVariance: Double {
        let offset = mean { $1 - $0 }
        let level = mean { $1 }
        return Self.explained(
            mean { ($1 - $0 - offset) * ($1 - $0 - offset) }, of: mean { ($1 - level) * ($1 - level) })
    }

    private var r2: Double? {
        guard truth.count > 1 else { return nil }
        let level = mean { $1 }
        return max(-1, Self.explained(mean { ($0 - $1) * ($0 - $1) }, of: mean { ($1 - level) * ($1 - level) }))
    }

    /// How much of a spread is not left as error: 1 when there is neither, 0 when there is only error.
    private static func explained(_ error: Double, of spread: Double) -> Double {
        spread > 0 ? 1 - error / spread : error > 0 ? 0 : 1
    }

    private var meanAbsolutePercentageError: Double? {
        var (sum, total) = (0.0, 0.0)
        for row in truth.indices where truth[row] != 0 {
            let weight = weights?[row] ?? 1
            sum += weight * abs((truth[row] - predicted[row]) / truth[row])
            total += weight
        }
        return total > 0 ? 100 * sum / total : nil
    }

    /// Without weights the mean of the two middle errors; with weights the lower one.
    private var medianAbsoluteError: Double {
        let errors = truth.indices.map { abs(truth[$0] - predicted[$0]) }
        guard let weights else {
            let sorted = errors.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
        let rows = errors.indices.sorted { errors[$0] < errors[$1] }
        let half = rows.reduce(0) { $0 + weights[$1] } / 2
        var reached = 0.0
        for row in rows {
            reached += weights[row]
            if reached >= half, reached > 0 { return errors[row] }
        }
        return errors[rows[rows.count - 1]]
    }

    /// Nil when a value or a prediction is negative.
    private var rootMeanSquaredLogError: Double? {
        guard truth.allSatisfy({ $0 >= 0 }), predicted.allSatisfy({ $0 >= 0 }) else { return nil }
        return mean { (log1p($0) - log1p($1)) * (log1p($0) - log1p($1)) }.squareRoot()
    }

    private var normalizedRootMeanSquaredLogError: Double? {
        guard let error = rootMeanSquaredLogError, let range, range.lowerBound > -1 else { return nil }
        let spread = log1p(range.upperBound) - log1p(range.lowerBound)
        return spread > 0 ? error / spread : nil
    }

    /// Weights do not count. Nil when all values, or all predictions, are the same.
    private var spearmanCorrelation: Double? {
        var ranking = Ranking()
        var ranks = Ranks(of: truth, &ranking)
        return predicted.withUnsafeBufferPointer { ranks.correlation(with: $0, &ranking) }
    }
}

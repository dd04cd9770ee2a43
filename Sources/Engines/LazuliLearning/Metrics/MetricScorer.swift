/// Scores many predictions of the same rows by one metric: what can be known beforehand is, and memory is kept.
///
/// Ensemble selection asks it thousands of times. The values are those of `ClassificationMetrics` and
/// `RegressionMetrics`, but for areas under curves, which take scores that are equal in single precision for ties.
package struct MetricScorer {
    package let metric: Metric
    /// Per row the number of its class; empty for values.
    private let classes: [Int]
    private let shortClasses: [UInt16]
    /// Per class the weight of its rows.
    private let classWeights: [Double]
    private let values: [Double]
    private let weights: [Double]?
    private let range: ClosedRange<Double>?
    private var confusion: ConfusionMatrix
    private var ranks: Ranks?
    private var ranking = Ranking()

    /// - Parameter range: see `RegressionMetrics`.
    package init(
        _ metric: Metric, task: LearningTask, targets: [Double], weights: [Double]? = nil,
        range: ClosedRange<Double>? = nil
    ) {
        self.metric = metric
        self.weights = weights
        confusion = ConfusionMatrix(classes: task.width)
        classes = task == .regression ? [] : targets.map { Int($0) }
        shortClasses = classes.map { UInt16(truncatingIfNeeded: $0) }
        var classWeights = Array(repeating: 0.0, count: task.width)
        for row in classes.indices { classWeights[classes[row]] += weights?[row] ?? 1 }
        self.classWeights = classWeights
        values = targets
        self.range = range ?? RegressionMetrics.range(of: targets)
        ranks = metric == .spearmanCorrelation ? Ranks(of: targets, &ranking) : nil
    }

    /// What to minimise: errors as they are, and how far other metrics are from 1. Infinite where there is no value,
    /// or a prediction is no number.
    package mutating func loss(_ predictions: UnsafeBufferPointer<Double>) -> Double {
        // One NaN makes the sum NaN; infinities may too, and are no better.
        guard predictions.reduce(0, +).isFinite, let value = value(predictions), !value.isNaN else { return .infinity }
        return metric.greaterIsBetter ? 1 - value : value
    }

    package mutating func loss(_ predictions: Predictions) -> Double {
        predictions.values.withUnsafeBufferPointer { loss($0) }
    }

    package mutating func value(_ predictions: Predictions) -> Double? {
        predictions.values.withUnsafeBufferPointer { value($0) }
    }

    /// - Parameter predictions: row after row, as in `Predictions`; none is NaN.
    package mutating func value(_ predictions: UnsafeBufferPointer<Double>) -> Double? {
        if ranks != nil { return ranks?.correlation(with: predictions, &ranking) }
        return metric.isOfRegression ? valueOfRegression(predictions) : valueOfClassification(predictions)
    }
}

extension MetricScorer {
    private mutating func valueOfClassification(_ predictions: UnsafeBufferPointer<Double>) -> Double? {
        switch metric {
        case .logLoss:
            return Losses.logLoss(predictions, width: confusion.classes, truth: classes, weights: weights)
        case .aucWeighted, .averagePrecisionWeighted:
            return meanArea(predictions)
        case .accuracy, .balancedAccuracy, .normMacroRecall, .precisionWeighted, .f1Weighted, .f1Macro:
            confusion.fill(truth: classes, predictions: predictions, weights: weights)
            return switch metric {
            case .accuracy: confusion.accuracy
            case .balancedAccuracy: confusion.balancedAccuracy
            case .normMacroRecall: confusion.normMacroRecall
            case .precisionWeighted: confusion.weighted(.precision)
            case .f1Weighted: confusion.weighted(.f1)
            default: confusion.macro(.f1)
            }
        default:
            let all = Predictions(width: confusion.classes, values: Array(predictions))
            return ClassificationMetrics(truth: classes, predictions: all, weights: weights, positiveClass: 1)[metric]
        }
    }

    private func valueOfRegression(_ predictions: UnsafeBufferPointer<Double>) -> Double? {
        let spread = range.map { $0.upperBound - $0.lowerBound }
        switch metric {
        case .rootMeanSquaredError:
            return Losses.meanSquaredError(predictions, truth: values, weights: weights).squareRoot()
        case .normalizedRootMeanSquaredError:
            guard let spread, spread > 0 else { return nil }
            return Losses.meanSquaredError(predictions, truth: values, weights: weights).squareRoot() / spread
        case .meanAbsoluteError:
            return Losses.meanAbsoluteError(predictions, truth: values, weights: weights)
        case .normalizedMeanAbsoluteError:
            guard let spread, spread > 0 else { return nil }
            return Losses.meanAbsoluteError(predictions, truth: values, weights: weights) / spread
        default:
            let all = Predictions(width: 1, values: Array(predictions))
            return RegressionMetrics(truth: values, predictions: all, weights: weights, range: range)[metric]
        }
    }

    /// The mean over the classes, each counting as much as its rows.
    private mutating func meanArea(_ predictions: UnsafeBufferPointer<Double>) -> Double? {
        let width = confusion.classes
        let wantsPrecision = metric == .averagePrecisionWeighted
        var (sum, total) = (0.0, 0.0)
        for one in 0..<width where classWeights[one] > 0 {
            let areas = areas(of: one, predictions)
            guard let area = wantsPrecision ? areas.averagePrecision : areas.roc else { continue }
            // Of two classes whose probabilities add up to one, each has the other's order backwards: one area.
            if width == 2, !wantsPrecision { return area }
            sum += classWeights[one] * area
            total += classWeights[one]
        }
        return total > 0 ? sum / total : nil
    }

    private mutating func areas(of one: Int, _ predictions: UnsafeBufferPointer<Double>) -> ThresholdSweep.Areas {
        let (weights, width) = (weights, confusion.classes)
        return shortClasses.withUnsafeBufferPointer { classes in
            ranking.withRows(count: classes.count, isExact: false, score: { predictions[$0 * width + one] }) { rows in
                ThresholdSweep.roughAreas(
                    rows, classes: classes, positive: UInt16(truncatingIfNeeded: one), weights: weights)
            }
        }
    }
}

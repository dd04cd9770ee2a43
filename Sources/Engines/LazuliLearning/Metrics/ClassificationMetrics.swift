/// All of a classifier's metrics on rows whose class is known.
///
/// A class that does not occur among the rows is left out of macro and weighted means.
/// Source: scikit-learn 1.5, on whose definitions Azure's rest.
package struct ClassificationMetrics: Sendable {
    private let truth: [Int]
    private let predictions: Predictions
    private let weights: [Double]?
    private let positiveClass: Int?
    package let confusion: ConfusionMatrix
    /// Per class the areas of that class against the rest.
    private let areas: [ThresholdSweep.Areas]
    private let microAreas: ThresholdSweep.Areas

    /// - Parameters:
    ///   - truth: per row the number of its class.
    ///   - predictions: per row a probability per class.
    ///   - positiveClass: which class the `_binary` metrics judge; without it they have no value.
    package init(truth: [Int], predictions: Predictions, weights: [Double]? = nil, positiveClass: Int? = nil) {
        precondition(truth.count == predictions.rowCount)
        self.truth = truth
        self.predictions = predictions
        self.weights = weights
        self.positiveClass = positiveClass
        let classes = predictions.width
        var ranking = Ranking()
        (confusion, areas, microAreas) = predictions.values.withUnsafeBufferPointer { values in
            (
                ConfusionMatrix(truth: truth, predictions: values, classes: classes, weights: weights),
                (0..<classes).map { Self.areas(of: $0, truth, values, classes, weights, &ranking) },
                Self.microAreas(truth, values, classes, weights, &ranking)
            )
        }
    }

    private static func areas(
        of one: Int, _ truth: [Int], _ values: UnsafeBufferPointer<Double>, _ classes: Int, _ weights: [Double]?,
        _ ranking: inout Ranking
    ) -> ThresholdSweep.Areas {
        let score = { values[$0 * classes + one] }
        return ranking.withRows(count: truth.count, score: score) { rows in
            ThresholdSweep.areas(
                rows, score: score, weight: { weights?[$0] ?? 1 }, isPositive: { truth[$0] == one })
        }
    }

    /// Of all pairs of a row and a class, as though each were a row of its own.
    private static func microAreas(
        _ truth: [Int], _ values: UnsafeBufferPointer<Double>, _ classes: Int, _ weights: [Double]?,
        _ ranking: inout Ranking
    ) -> ThresholdSweep.Areas {
        ranking.withRows(count: values.count, score: { values[$0] }) { pairs in
            ThresholdSweep.areas(
                pairs, score: { values[$0] }, weight: { weights?[$0 / classes] ?? 1 },
                isPositive: { truth[$0 / classes] == $0 % classes })
        }
    }

    /// Every metric that has a value, in the order of `Metric.all`.
    package var all: [(metric: Metric, value: Double)] {
        Metric.all(for: .classification(classes: predictions.width)).compactMap { metric in
            self[metric].map { (metric, $0) }
        }
    }

    /// The value of a metric; nil where the rows do not define one, as AUC is not when all are of one class.
    package subscript(metric: Metric) -> Double? {
        if metric.needsPositiveClass { return positiveClass.flatMap { binary(metric, $0) } }
        return switch metric {
        case .accuracy, .f1Micro, .precisionMicro, .recallMicro: confusion.accuracy
        case .aucMacro: macro(\.roc)
        case .aucMicro: microAreas.roc
        case .aucWeighted: weighted(\.roc)
        case .averagePrecisionMacro: macro(\.averagePrecision)
        case .averagePrecisionMicro: microAreas.averagePrecision
        case .averagePrecisionWeighted: weighted(\.averagePrecision)
        case .balancedAccuracy: confusion.balancedAccuracy
        case .f1Macro: confusion.macro(.f1)
        case .f1Weighted: confusion.weighted(.f1)
        case .logLoss: truth.isEmpty ? nil : Losses.logLoss(predictions, truth: truth, weights: weights)
        case .matthewsCorrelation: confusion.matthewsCorrelation
        case .normMacroRecall: confusion.normMacroRecall
        case .precisionMacro: confusion.macro(.precision)
        case .precisionWeighted: confusion.weighted(.precision)
        case .recallMacro: confusion.macro(.recall)
        case .recallWeighted: confusion.weighted(.recall)
        case .weightedAccuracy: confusion.weightedAccuracy
        default: nil
        }
    }

    private func binary(_ metric: Metric, _ positive: Int) -> Double? {
        switch metric {
        case .aucBinary: areas[positive].roc
        case .averagePrecisionBinary: areas[positive].averagePrecision
        case .f1Binary: confusion.score(.f1, of: positive)
        case .precisionBinary: confusion.score(.precision, of: positive)
        case .recallBinary: confusion.score(.recall, of: positive)
        default: nil
        }
    }

    private func macro(_ area: KeyPath<ThresholdSweep.Areas, Double?>) -> Double? {
        let values = areas.compactMap { $0[keyPath: area] }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func weighted(_ area: KeyPath<ThresholdSweep.Areas, Double?>) -> Double? {
        var (sum, total) = (0.0, 0.0)
        for one in areas.indices {
            guard let value = areas[one][keyPath: area] else { continue }
            sum += confusion.truths(one) * value
            total += confusion.truths(one)
        }
        return total > 0 ? sum / total : nil
    }
}

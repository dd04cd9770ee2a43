/// A score of a model, under the name by which Azure Machine Learning records it.
///
/// Source: Azure Machine Learning, "Evaluate automated machine learning experiment results".
package enum Metric: String, Sendable, Hashable, CaseIterable {
    case accuracy
    case aucBinary = "AUC_binary"
    case aucMacro = "AUC_macro"
    case aucMicro = "AUC_micro"
    case aucWeighted = "AUC_weighted"
    case averagePrecisionBinary = "average_precision_score_binary"
    case averagePrecisionMacro = "average_precision_score_macro"
    case averagePrecisionMicro = "average_precision_score_micro"
    case averagePrecisionWeighted = "average_precision_score_weighted"
    case balancedAccuracy = "balanced_accuracy"
    case f1Binary = "f1_score_binary"
    case f1Macro = "f1_score_macro"
    case f1Micro = "f1_score_micro"
    case f1Weighted = "f1_score_weighted"
    case logLoss = "log_loss"
    case matthewsCorrelation = "matthews_correlation"
    case normMacroRecall = "norm_macro_recall"
    case precisionBinary = "precision_score_binary"
    case precisionMacro = "precision_score_macro"
    case precisionMicro = "precision_score_micro"
    case precisionWeighted = "precision_score_weighted"
    case recallBinary = "recall_score_binary"
    case recallMacro = "recall_score_macro"
    case recallMicro = "recall_score_micro"
    case recallWeighted = "recall_score_weighted"
    case weightedAccuracy = "weighted_accuracy"

    case explainedVariance = "explained_variance"
    case meanAbsoluteError = "mean_absolute_error"
    case meanAbsolutePercentageError = "mean_absolute_percentage_error"
    case medianAbsoluteError = "median_absolute_error"
    case normalizedMeanAbsoluteError = "normalized_mean_absolute_error"
    case normalizedMedianAbsoluteError = "normalized_median_absolute_error"
    case normalizedRootMeanSquaredError = "normalized_root_mean_squared_error"
    case normalizedRootMeanSquaredLogError = "normalized_root_mean_squared_log_error"
    case r2 = "r2_score"
    case rootMeanSquaredError = "root_mean_squared_error"
    case rootMeanSquaredLogError = "root_mean_squared_log_error"
    case spearmanCorrelation = "spearman_correlation"

    /// The metric of a name in any of Azure's spellings: `AUC_weighted`, `AUCWeighted`, `auc_weighted`.
    package init?(named name: String) {
        guard let metric = Self.bySpelling[Self.spelling(name)] else { return nil }
        self = metric
    }

    private static let bySpelling = Dictionary(uniqueKeysWithValues: allCases.map { (spelling($0.rawValue), $0) })

    private static func spelling(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

extension Metric {
    /// The name in REST bodies: `AUCWeighted`, `NormalizedRootMeanSquaredError`.
    package var wireName: String {
        rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Whether it scores values rather than classes.
    package var isOfRegression: Bool { Self.ofRegression.contains(self) }

    private static let ofRegression = Set(allCases.drop { $0 != .explainedVariance })

    package var greaterIsBetter: Bool { !Self.errors.contains(self) }

    private static let errors: Set<Metric> = [
        .logLoss, .meanAbsoluteError, .meanAbsolutePercentageError, .medianAbsoluteError, .normalizedMeanAbsoluteError,
        .normalizedMedianAbsoluteError, .normalizedRootMeanSquaredError, .normalizedRootMeanSquaredLogError,
        .rootMeanSquaredError, .rootMeanSquaredLogError,
    ]

    /// The values it can take.
    package var range: ClosedRange<Double> {
        switch self {
        case .matthewsCorrelation, .spearmanCorrelation, .r2: -1...1
        case .explainedVariance: -.infinity...1
        default: greaterIsBetter ? 0...1 : 0...(.infinity)
        }
    }

    /// Whether it judges one class, the positive one, against the rest.
    package var needsPositiveClass: Bool {
        switch self {
        case .aucBinary, .averagePrecisionBinary, .f1Binary, .precisionBinary, .recallBinary: true
        default: false
        }
    }

    /// All metrics of a task, in the order in which they are shown.
    package static func all(for task: LearningTask) -> [Metric] {
        allCases.filter { $0.isOfRegression == (task == .regression) }
    }

    /// The metrics that an experiment may be asked to optimise; the first is the default.
    package static func primary(for task: LearningTask) -> [Metric] {
        switch task {
        case .classification:
            [.aucWeighted, .accuracy, .normMacroRecall, .averagePrecisionWeighted, .precisionWeighted]
        case .regression:
            [.normalizedRootMeanSquaredError, .r2, .normalizedMeanAbsoluteError, .spearmanCorrelation]
        }
    }
}

/// A way of learning, under the name that Azure Machine Learning's REST interface gives it.
///
/// Source of the names: `ClassificationModels` and `RegressionModels` of azure-ai-ml 1.35.
package enum Algorithm: String, Sendable, Hashable, CaseIterable {
    case logisticRegression = "LogisticRegression"
    case stochasticGradient = "SGD"
    case multinomialNaiveBayes = "MultinomialNaiveBayes"
    case bernoulliNaiveBayes = "BernoulliNaiveBayes"
    case supportVectorMachine = "SVM"
    case linearSVM = "LinearSVM"
    case nearestNeighbours = "KNN"
    case decisionTree = "DecisionTree"
    case randomForest = "RandomForest"
    case extremeRandomTrees = "ExtremeRandomTrees"
    case lightGBM = "LightGBM"
    case gradientBoosting = "GradientBoosting"
    case xgboostClassifier = "XGBoostClassifier"
    case elasticNet = "ElasticNet"
    case lassoLars = "LassoLars"
    case xgboostRegressor = "XGBoostRegressor"
    /// Our own; Azure has none by this name.
    case neuralNetwork = "NeuralNetwork"

    /// What trains it, where that is not our own code.
    var library: BoostingLibrary? {
        switch self {
        case .lightGBM, .gradientBoosting: .lightGBM
        case .xgboostClassifier, .xgboostRegressor: .xgboost
        default: nil
        }
    }

    /// The algorithm of a name in any of Azure's spellings: `ExtremeRandomTrees`, `extreme_random_trees`.
    package init?(named name: String) {
        guard let algorithm = Self.bySpelling[Self.spelling(name)] else { return nil }
        self = algorithm
    }

    private static let bySpelling = Dictionary(uniqueKeysWithValues: allCases.map { (spelling($0.rawValue), $0) })

    private static func spelling(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// A library that trains for us, from features in a form of its own.
enum BoostingLibrary {
    case lightGBM
    case xgboost
}

/// Which algorithms there are, and which of them can be trained here.
package enum AlgorithmList {
    /// Those that Azure lists for a task, in its order, and our own.
    package static func all(for task: LearningTask) -> [Algorithm] {
        switch task {
        case .classification: ofClassification
        case .regression: ofRegression
        }
    }

    /// Those of them that can be trained here.
    package static func available(for task: LearningTask) -> [Algorithm] {
        all(for: task).filter { reasonAgainst($0, for: task) == nil }
    }

    /// Why an algorithm cannot be trained for a task, in a sentence for the user; nil when it can.
    package static func reasonAgainst(_ algorithm: Algorithm, for task: LearningTask) -> String? {
        if algorithm == .supportVectorMachine, task != .regression { return reasonAgainstKernels }
        if all(for: task).contains(algorithm) { return nil }
        let names = available(for: task).map(\.rawValue).joined(separator: ", ")
        let goal = task == .regression ? "regression" : "classification"
        return "\(algorithm.rawValue) is no algorithm of \(goal); choose from \(names)."
    }

    private static let ofClassification: [Algorithm] = [
        .logisticRegression, .stochasticGradient, .multinomialNaiveBayes, .bernoulliNaiveBayes, .supportVectorMachine,
        .linearSVM, .nearestNeighbours, .decisionTree, .randomForest, .extremeRandomTrees, .lightGBM,
        .gradientBoosting, .xgboostClassifier, .neuralNetwork,
    ]

    private static let ofRegression: [Algorithm] = [
        .elasticNet, .gradientBoosting, .decisionTree, .nearestNeighbours, .lassoLars, .stochasticGradient,
        .randomForest, .extremeRandomTrees, .lightGBM, .xgboostRegressor, .neuralNetwork,
    ]

    private static let reasonAgainstKernels =
        "SVM is not available: its training time grows with the square of the rows, and its model with the rows. "
        + "Use LinearSVM for straight boundaries, LightGBM for curved ones."
}

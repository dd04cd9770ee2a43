import LazuliResources

/// Candidates that do well on many tables and that differ from each other, in the order in which they are tried.
///
/// They were chosen on public tables by what each adds to the ensemble of those before it, for the time that it takes
/// (Documentation/AutoML.md).
package struct Portfolio: Sendable {
    let task: LearningTask
    let rows: Int
    private let pace: BoostingPace
    /// What a booster or a neural network may take for one fold.
    private let foldSeconds: Double

    /// - Parameters:
    ///   - columns: of the table.
    ///   - processorSeconds: of the whole experiment, on all processors together.
    package init(task: LearningTask, rows: Int, columns: Int, folds: Int, processorSeconds: Double) {
        self.task = task
        self.rows = rows
        pace = BoostingPace(task: task, rows: rows, columns: columns, folds: folds, processorSeconds: processorSeconds)
        foldSeconds = Self.candidateShare * processorSeconds / Double(folds)
    }

    /// The part of all processor time that the folds of one candidate may take.
    private static let candidateShare = 0.2

    /// - Parameter allows: whether an algorithm may be used.
    package func candidates(where allows: (Algorithm) -> Bool) -> [Candidate] {
        // Where a booster takes long, what takes less comes first.
        let first = pace.isSlow ? strong.filter { !$0.isBooster }.sorted { $0.isQuick && !$1.isQuick } : []
        return (first + strong.filter { !first.contains($0) } + usual)
            .filter { Algorithm(named: $0.algorithm).map(allows) ?? false }
    }

    private var isClassification: Bool { task != .regression }

    // MARK: - What is tried first

    private var strong: [Candidate] {
        [
            lightGBM([
                "num_leaves": 31, "min_data_in_leaf": leaf(20), "feature_fraction": 0.8, "bagging_fraction": 0.8,
                "bagging_freq": 1, "lambda_l2": 1,
            ]),
            isClassification
                ? Candidate(.logisticRegression, .layered, ["c": 0.3, "pieces": true], mostSeconds: foldSeconds / 5)
                : Candidate(
                    .elasticNet, .layered, ["alpha": 0.001, "l1Ratio": 0.1, "pieces": true],
                    mostSeconds: foldSeconds / 5),
            xgboost([
                "max_depth": 4, "subsample": 0.8, "colsample_bynode": 0.6, "min_child_weight": 1, "reg_lambda": 3,
            ]),
            lightGBM(["num_leaves": 31, "min_data_in_leaf": leaf(10), "feature_fraction": 0.9, "lambda_l2": 0.5]),
            network(rows > 20_000 ? [128, 64] : [256, 128]),
            lightGBM([
                "num_leaves": 31, "min_data_in_leaf": leaf(10), "feature_fraction": 0.9, "lambda_l2": 1,
                "extra_trees": true,
            ]),
            Candidate(
                .extremeRandomTrees, .trees,
                ["trees": JSON(rows > 20_000 ? 50 : 80), "minSamplesLeaf": leaf(5), "maxFeatures": 0.6],
                mostSeconds: foldSeconds),
            xgboost([
                "max_depth": 6, "subsample": 0.8, "colsample_bytree": 0.7, "min_child_weight": 1, "reg_lambda": 1,
            ]),
            lightGBM([
                "num_leaves": 47, "min_data_in_leaf": leaf(10), "feature_fraction_bynode": 0.4,
                "bagging_fraction": 0.9, "bagging_freq": 1, "path_smooth": 5,
            ]),
            network([128, 64]),
            lightGBM([
                "num_leaves": 127, "min_data_in_leaf": leaf(10), "feature_fraction": 0.6, "bagging_fraction": 0.8,
                "bagging_freq": 1, "lambda_l2": 5,
            ]),
            lightGBM([
                "num_leaves": 15, "min_data_in_leaf": leaf(4), "feature_fraction": 0.5, "bagging_fraction": 0.5,
                "bagging_freq": 1, "lambda_l2": 3,
            ]),
            lightGBM([
                "num_leaves": 12, "max_depth": 4, "min_data_in_leaf": leaf(20), "feature_fraction": 0.6,
                "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1,
            ]),
        ]
    }

    // MARK: - Every other algorithm once, as it usually comes

    private var usual: [Candidate] {
        let common: [Candidate] = [
            Candidate(
                .gradientBoosting, .trees,
                ["learning_rate": 0.1, "max_depth": 4, "num_leaves": 16, "min_data_in_leaf": leaf(10), "patience": 20]),
            Candidate(.randomForest, .trees, ["trees": 100, "minSamplesLeaf": leaf(3)]),
            Candidate(.nearestNeighbours, .dense, ["neighbours": 15, "weighsByDistance": true]),
            Candidate(.decisionTree, .trees, ["minSamplesLeaf": leaf(20), "maxDepth": 10]),
            Candidate(.stochasticGradient, .dense, ["alpha": 0.0001]),
        ]
        let special: [Candidate] =
            isClassification
            ? [
                Candidate(.linearSVM, .dense, ["c": 0.1]), Candidate(.bernoulliNaiveBayes, .dense, ["alpha": 1]),
                Candidate(.multinomialNaiveBayes, .ranged, ["alpha": 1]),
            ] : [Candidate(.lassoLars, .dense, ["alpha": 0.001])]
        return common + special
    }

    // MARK: - Parameters by the size of the table

    /// Leaves must hold enough rows to mean something, also in small tables.
    private func leaf(_ wanted: Int) -> JSON { JSON(max(1, min(wanted, rows / 50))) }

    private var boosting: JSON {
        ["learning_rate": .number((pace.learningRate * 1_000).rounded() / 1_000), "patience": JSON(pace.patience)]
    }

    private func lightGBM(_ parameters: JSON) -> Candidate { booster(.lightGBM, parameters) }

    private func xgboost(_ parameters: JSON) -> Candidate {
        booster(isClassification ? .xgboostClassifier : .xgboostRegressor, parameters)
    }

    private func booster(_ algorithm: Algorithm, _ parameters: JSON) -> Candidate {
        Candidate(
            algorithm, .trees, parameters.joined(boosting), mostSeconds: foldSeconds,
            likelySeconds: min(foldSeconds, pace.foldSeconds))
    }

    private func network(_ hidden: [Int]) -> Candidate {
        let epochs = rows < 3_000 ? 80 : rows < 12_000 ? 60 : rows < 30_000 ? 36 : 24
        return Candidate(
            .neuralNetwork, .layered,
            [
                "hidden": .array(hidden.map { JSON($0) }), "dropout": 0.2, "epochs": JSON(epochs),
            ], mostSeconds: pace.isSlow ? 2 * foldSeconds : foldSeconds)
    }
}

extension Candidate {
    fileprivate var isBooster: Bool { Mutation.applies(to: self) }
    fileprivate var isQuick: Bool { [.logisticRegression, .elasticNet].contains(Algorithm(named: algorithm)) }

    fileprivate init(
        _ algorithm: Algorithm, _ view: FeatureView, _ parameters: JSON, mostSeconds: Double? = nil,
        likelySeconds: Double? = nil
    ) {
        self.init(
            algorithm.rawValue, view, parameters, mostSeconds: mostSeconds, likelySeconds: likelySeconds)
    }
}

extension JSON {
    /// The members of both objects.
    fileprivate func joined(_ other: JSON) -> JSON {
        var all = self
        for (name, value) in other.object?.pairs ?? [] { all[name] = value }
        return all
    }
}

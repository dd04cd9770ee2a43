import LazuliResources

/// Candidates that do well on many tables and that differ from each other, in the order in which they are tried.
///
/// They were chosen on public tables by what each adds to the ensemble of those before it, for the time that it takes
/// (Documentation/AutoML.md).
package struct Portfolio: Sendable {
    let task: LearningTask
    let rows: Int

    package init(task: LearningTask, rows: Int) {
        self.task = task
        self.rows = rows
    }

    /// - Parameter allows: whether an algorithm may be used.
    package func candidates(where allows: (Algorithm) -> Bool) -> [Candidate] {
        (strong + usual).filter { Algorithm(named: $0.algorithm).map(allows) ?? false }
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
                ? Candidate(.logisticRegression, .dense, ["c": 0.3])
                : Candidate(.elasticNet, .dense, ["alpha": 0.001, "l1Ratio": 0.1]),
            xgboost([
                "max_depth": 4, "subsample": 0.8, "colsample_bynode": 0.6, "min_child_weight": 1, "reg_lambda": 3,
            ]),
            lightGBM(["num_leaves": 31, "min_data_in_leaf": leaf(10), "feature_fraction": 0.9, "lambda_l2": 0.5]),
            lightGBM([
                "num_leaves": 31, "min_data_in_leaf": leaf(10), "feature_fraction": 0.9, "lambda_l2": 1,
                "extra_trees": true,
            ]),
            Candidate(
                .extremeRandomTrees, .trees,
                ["trees": JSON(rows > 20_000 ? 50 : 80), "minSamplesLeaf": leaf(5), "maxFeatures": 0.6]),
            xgboost([
                "max_depth": 6, "subsample": 0.8, "colsample_bytree": 0.7, "min_child_weight": 1, "reg_lambda": 1,
            ]),
            lightGBM([
                "num_leaves": 47, "min_data_in_leaf": leaf(10), "feature_fraction_bynode": 0.4,
                "bagging_fraction": 0.9, "bagging_freq": 1, "path_smooth": 5,
            ]),
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

    /// Many rows and classes cost time by the round, and bear larger steps.
    private var learningRate: Double {
        switch task {
        case .classification(let classes) where classes > 6: 0.15
        case .classification(let classes) where classes > 2: 0.08
        default: rows < 4_000 ? 0.05 : rows < 20_000 ? 0.08 : 0.1
        }
    }

    private var boosting: JSON {
        ["learning_rate": .number(learningRate), "patience": JSON(min(60, max(20, Int(3 / learningRate))))]
    }

    private func lightGBM(_ parameters: JSON) -> Candidate { Candidate(.lightGBM, .trees, parameters.joined(boosting)) }

    private func xgboost(_ parameters: JSON) -> Candidate {
        Candidate(isClassification ? .xgboostClassifier : .xgboostRegressor, .trees, parameters.joined(boosting))
    }
}

extension Candidate {
    fileprivate init(_ algorithm: Algorithm, _ view: FeatureView, _ parameters: JSON) {
        self.init(algorithm.rawValue, view, parameters)
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

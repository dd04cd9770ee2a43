import LazuliResources

/// Candidates that do well on many tables and that differ from each other, in the order in which they are tried.
///
/// They were chosen on public tables by what each adds to the ensemble of those before it, for the time that it takes
/// (Documentation/AutoML.md).
package struct Portfolio: Sendable {
    let task: LearningTask
    let rows: Int
    let columns: Int
    let hasCommonUnit: Bool
    private let treeViews: (first: FeatureView, second: FeatureView)
    let pace: BoostingPace
    /// What a booster or a neural network may take for one fold.
    let foldSeconds: Double

    /// - Parameters:
    ///   - columns: of the table.
    ///   - hasCommonUnit: whether the table's columns are readings of one unit.
    ///   - hasSmallCategories: whether means of the target differ from a feature for each category.
    ///   - processorSeconds: of the whole experiment, on all processors together.
    package init(
        task: LearningTask, rows: Int, columns: Int, hasCommonUnit: Bool, hasSmallCategories: Bool, folds: Int,
        processorSeconds: Double
    ) {
        self.task = task
        self.rows = rows
        self.columns = columns
        self.hasCommonUnit = hasCommonUnit
        treeViews =
            !hasSmallCategories ? (.trees, .trees) : rows < Self.fewForMeans ? (.trees, .means) : (.means, .trees)
        pace = BoostingPace(task: task, rows: rows, columns: columns, folds: folds, processorSeconds: processorSeconds)
        foldSeconds = Self.candidateShare * processorSeconds / Double(folds)
    }

    /// The means of fewer rows are less sure than the categories themselves.
    private static let fewForMeans = 5_000
    /// The part of all processor time that the folds of one candidate may take.
    private static let candidateShare = 0.2

    /// - Parameter allows: whether an algorithm may be used.
    package func candidates(where allows: (Algorithm) -> Bool) -> [Candidate] {
        // Where a booster takes long, what takes less comes first.
        let first = pace.isSlow ? strong.filter { !$0.isBooster }.sorted { $0.isQuick && !$1.isQuick } : []
        return (first + strong.filter { !first.contains($0) } + usual)
            .filter { Algorithm(named: $0.algorithm).map(allows) ?? false }
    }

    var isClassification: Bool { task != .regression }

    // MARK: - What is tried first

    private var strong: [Candidate] {
        let (one, other) = treeViews
        return [
            lightGBM(
                one,
                [
                    "num_leaves": 31, "min_data_in_leaf": leaf(20), "feature_fraction": 0.8, "bagging_fraction": 0.8,
                    "bagging_freq": 1, "lambda_l2": 1,
                ]),
            isClassification
                ? Candidate(.logisticRegression, .layered, ["c": 0.3, "pieces": true], mostSeconds: foldSeconds / 5)
                : Candidate(
                    .elasticNet, .layered, ["alpha": 0.001, "l1Ratio": 0.1, "pieces": true],
                    mostSeconds: foldSeconds / 5),
            xgboost(
                one,
                [
                    "max_depth": 4, "subsample": 0.8, "colsample_bynode": 0.6, "min_child_weight": 1, "reg_lambda": 3,
                ]),
            lightGBM(
                other, ["num_leaves": 31, "min_data_in_leaf": leaf(10), "feature_fraction": 0.9, "lambda_l2": 0.5]),
            hasCommonUnit ? readingNetwork : usualNetwork,
            lightGBM(
                other,
                [
                    "num_leaves": 31, "min_data_in_leaf": leaf(10), "feature_fraction": 0.9, "lambda_l2": 1,
                    "extra_trees": true,
                ]),
            Candidate(
                .extremeRandomTrees, one,
                ["trees": JSON(rows > 20_000 ? 50 : 80), "minSamplesLeaf": forestLeaf, "maxFeatures": 0.6],
                mostSeconds: foldSeconds),
            xgboost(
                other,
                [
                    "max_depth": 6, "subsample": 0.8, "colsample_bytree": 0.7, "min_child_weight": 1, "reg_lambda": 1,
                ]),
            lightGBM(
                one,
                [
                    "num_leaves": 47, "min_data_in_leaf": leaf(10), "feature_fraction_bynode": 0.4,
                    "bagging_fraction": 0.9, "bagging_freq": 1, "path_smooth": 5,
                ]),
            normalizedNetwork,
            lightGBM(
                one,
                [
                    "num_leaves": 127, "min_data_in_leaf": leaf(10), "feature_fraction": 0.6, "bagging_fraction": 0.8,
                    "bagging_freq": 1, "lambda_l2": 5,
                ]),
            lightGBM(
                other,
                [
                    "num_leaves": 15, "min_data_in_leaf": leaf(4), "feature_fraction": 0.5, "bagging_fraction": 0.5,
                    "bagging_freq": 1, "lambda_l2": 3,
                ]),
            lightGBM(
                one,
                [
                    "num_leaves": 12, "max_depth": 4, "min_data_in_leaf": leaf(20), "feature_fraction": 0.6,
                    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1,
                ]),
        ]
    }

    // MARK: - Every other algorithm once, as it usually comes

    private var usual: [Candidate] {
        let common: [Candidate] = [
            Candidate(
                .gradientBoosting, treeViews.second,
                ["learning_rate": 0.1, "max_depth": 4, "num_leaves": 16, "min_data_in_leaf": leaf(10), "patience": 20]),
            Candidate(.randomForest, treeViews.second, ["trees": 100, "minSamplesLeaf": wideLeaf(3)]),
            Candidate(.nearestNeighbours, .dense, ["neighbours": 15, "weighsByDistance": true]),
            Candidate(.decisionTree, treeViews.first, ["minSamplesLeaf": leaf(20), "maxDepth": 10]),
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

    /// Random trees that differ enough may learn every row; of many rows they would be too large.
    private var forestLeaf: JSON {
        if task == .classification(classes: 2) { return wideLeaf(rows > 10_000 ? 5 : 3) }
        return wideLeaf(rows > 20_000 ? 5 : rows > 10_000 ? 2 : 1)
    }

    /// A tree of more leaves than this would leave no room for others in a model.
    private static let mostLeaves = 20_000

    private func wideLeaf(_ wanted: Int) -> JSON { leaf(max(wanted, rows / Self.mostLeaves)) }

    private var boosting: JSON {
        ["learning_rate": .number((pace.learningRate * 1_000).rounded() / 1_000), "patience": JSON(pace.patience)]
    }

    private func lightGBM(_ view: FeatureView, _ parameters: JSON) -> Candidate {
        booster(.lightGBM, view, parameters)
    }

    private func xgboost(_ view: FeatureView, _ parameters: JSON) -> Candidate {
        booster(isClassification ? .xgboostClassifier : .xgboostRegressor, view, parameters)
    }

    private func booster(_ algorithm: Algorithm, _ view: FeatureView, _ parameters: JSON) -> Candidate {
        Candidate(
            algorithm, view, parameters.joined(boosting), mostSeconds: foldSeconds,
            likelySeconds: min(foldSeconds, pace.foldSeconds))
    }
}

extension JSON {
    /// The members of both objects.
    func joined(_ other: JSON) -> JSON {
        guard let own = object, let more = other.object else { return self }
        return .object(own.merging(more))
    }
}

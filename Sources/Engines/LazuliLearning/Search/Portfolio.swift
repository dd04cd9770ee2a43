import LazuliResources

/// Candidates that do well on many tables and that differ from each other, in the order in which they are tried.
///
/// They were chosen on public tables by what each adds to the ensemble of those before it, for the time that it takes
/// (Documentation/AutoML.md).
package struct Portfolio: Sendable {
    let task: LearningTask
    let rows: Int
    private let columns: Int
    private let hasCommonUnit: Bool
    private let treeViews: (first: FeatureView, second: FeatureView)
    private let pace: BoostingPace
    /// What a booster or a neural network may take for one fold.
    private let foldSeconds: Double

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

    private var isClassification: Bool { task != .regression }

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
            hasCommonUnit
                ? readingNetwork
                : network(.layered, isClassification && rows > 20_000 ? [128, 64] : [256, 128], ["dropout": dropout]),
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
            network(.layered, [256, 128], ["dropout": isClassification ? 0.2 : 0.1, "normalizes": true]),
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
            Candidate(.randomForest, treeViews.second, ["trees": 100, "minSamplesLeaf": leaf(3)]),
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
        if task == .classification(classes: 2) { return leaf(rows > 10_000 ? 5 : 3) }
        return rows > 20_000 ? 5 : rows > 10_000 ? 2 : 1
    }

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

    /// For readings of one unit: a wide network that may lean on none of them, or a smaller one where time is short.
    private var readingNetwork: Candidate {
        let parameters: JSON = ["normalizes": true, "pieces": false], wide = [512, 256]
        return networkSeconds(.common, wide) <= mostNetworkSeconds
            ? network(.common, wide, parameters.joined(["dropout": 0.4, "inputDropout": 0.2]))
            : network(.common, [256, 128], parameters.joined(["dropout": 0.2, "inputDropout": 0.1]))
    }

    /// Values are blurred by it where classes only become less sure.
    private var dropout: JSON { isClassification ? 0.2 : rows < 5_000 ? 0.1 : 0.05 }

    private func network(_ view: FeatureView, _ hidden: [Int], _ parameters: JSON) -> Candidate {
        Candidate(
            .neuralNetwork, view,
            parameters.joined(["hidden": .array(hidden.map { JSON($0) }), "epochs": JSON(epochs(view))]),
            mostSeconds: mostNetworkSeconds,
            likelySeconds: min(mostNetworkSeconds, networkSeconds(view, hidden)))
    }

    private func epochs(_ view: FeatureView) -> Int {
        rows < 3_000 ? 80 : rows < 12_000 ? (view == .common ? 40 : 60) : rows < 30_000 ? 36 : 24
    }

    private var mostNetworkSeconds: Double { pace.isSlow ? 2 * foldSeconds : foldSeconds }

    /// What all epochs would take.
    private func networkSeconds(_ view: FeatureView, _ hidden: [Int]) -> Double {
        let inputs = columns * (view == .common ? 1 : columns > Self.manyColumns ? 2 : Self.inputsPerColumn)
        let weights = zip([inputs] + hidden, hidden + [task.width]).reduce(0) { $0 + $1.0 * $1.1 }
        return Double(weights * rows * epochs(view)) * Self.secondsPerWeight
    }

    /// A feature and, of most, some pieces of its range; fewer where there are many features.
    private static let inputsPerColumn = 4
    private static let manyColumns = 60
    /// For each row of each epoch, measured on one processor.
    private static let secondsPerWeight = 0.15e-9
}

extension Candidate {
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

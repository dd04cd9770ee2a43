import LazuliResources

/// Candidates that do well on many tables and that are different from each other, in the order in which they are tried.
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
    package func candidates(where allows: (String) -> Bool) -> [Candidate] {
        all.filter { allows($0.algorithm) }
    }

    private var isClassification: Bool { task != .regression }

    /// Leaves must hold enough rows to mean something, also in small tables.
    private func leaf(_ wanted: Int) -> JSON { JSON(max(1, min(wanted, rows / 30))) }

    private var all: [Candidate] {
        [
            lightGBM(["learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": leaf(20), "feature_fraction": 0.9]),
            lightGBM([
                "learning_rate": 0.05, "num_leaves": 63, "min_data_in_leaf": leaf(10), "extra_trees": true,
                "feature_fraction": 0.8,
            ]),
            lightGBM([
                "learning_rate": 0.03, "num_leaves": 127, "min_data_in_leaf": leaf(3), "feature_fraction": 0.5,
                "bagging_fraction": 0.8, "bagging_freq": 1,
            ]),
            xgboost(["learning_rate": 0.05, "max_depth": 6, "subsample": 0.8, "colsample_bynode": 0.7]),
            lightGBM([
                "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": leaf(40), "feature_fraction": 0.6,
                "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 10,
            ]),
            lightGBM([
                "learning_rate": 0.05, "num_leaves": 8, "max_depth": 3, "min_data_in_leaf": leaf(20),
                "bagging_fraction": 0.8, "bagging_freq": 1,
            ]),
            xgboost([
                "learning_rate": 0.05, "max_depth": 10, "subsample": 0.7, "colsample_bynode": 0.5,
                "min_child_weight": 5,
            ]),
            gradientBoosting,
        ]
    }

    private func lightGBM(_ parameters: JSON) -> Candidate { Candidate("LightGBM", .trees, parameters) }

    private func xgboost(_ parameters: JSON) -> Candidate {
        Candidate(isClassification ? "XGBoostClassifier" : "XGBoostRegressor", .trees, parameters)
    }

    /// What scikit-learn's gradient boosting is, by LightGBM: small trees of fixed depth.
    private var gradientBoosting: Candidate {
        Candidate(
            "GradientBoosting", .trees,
            ["learning_rate": 0.1, "max_depth": 4, "num_leaves": 16, "min_data_in_leaf": leaf(10), "patience": 20])
    }
}

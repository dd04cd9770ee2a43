import LazuliResources

/// The words of the wire. Source: the enums of the specification, 2025-01-01-preview.
enum ClassificationWords {
    static let metrics = [
        "AUCWeighted", "Accuracy", "NormMacroRecall", "AveragePrecisionScoreWeighted", "PrecisionScoreWeighted",
    ]
    static let algorithms = [
        "LogisticRegression", "SGD", "MultinomialNaiveBayes", "BernoulliNaiveBayes", "SVM", "LinearSVM", "KNN",
        "DecisionTree", "RandomForest", "ExtremeRandomTrees", "LightGBM", "GradientBoosting", "XGBoostClassifier",
    ]
}

enum RegressionWords {
    static let metrics = [
        "SpearmanCorrelation", "NormalizedRootMeanSquaredError", "R2Score", "NormalizedMeanAbsoluteError",
    ]
    static let algorithms = [
        "ElasticNet", "GradientBoosting", "DecisionTree", "KNN", "LassoLars", "SGD", "RandomForest",
        "ExtremeRandomTrees", "LightGBM", "XGBoostRegressor",
    ]
}

enum ForecastingWords {
    static let algorithms =
        [
            "AutoArima", "Prophet", "Naive", "SeasonalNaive", "Average", "SeasonalAverage", "ExponentialSmoothing",
            "Arimax", "TCNForecaster",
        ] + RegressionWords.algorithms

    static let settings: Schema = .object(
        .strings("countryOrRegionForHolidays", "frequency", "timeColumnName") + [
            .optional("cvStepSize", .integer), .optional("featureLags", .oneOf(["None", "Auto"])),
            .optional("forecastHorizon", chosen), .optional("seasonality", chosen),
            .optional("targetRollingWindowSize", chosen),
            .optional(
                "targetLags",
                .tagged(
                    by: "mode",
                    ["Auto": .object([]), "Custom": .object([.required("values", .array(.integer))])])),
            .optional("shortSeriesHandlingConfig", .oneOf(["None", "Auto", "Pad", "Drop"])),
            .optional("targetAggregateFunction", .oneOf(["None", "Sum", "Max", "Min", "Mean"])),
            .optional("useStl", .oneOf(["None", "Season", "SeasonTrend"])),
            .optional("timeSeriesIdColumnNames", .array(.string)),
            .optional("featuresUnknownAtForecastTime", .array(.string)),
        ])

    private static let chosen: Schema = .tagged(
        by: "mode", ["Auto": .object([]), "Custom": .object([.required("value", .integer)])])
}

enum FeaturizationWords {
    /// Transformers that a job may forbid.
    static let blockable = [
        "TextTargetEncoder", "OneHotEncoder", "CatTargetEncoder", "TfIdf", "WoETargetEncoder", "LabelEncoder",
        "WordEmbedding", "NaiveBayes", "CountVectorizer", "HashOneHotEncoder",
    ]
    /// Transformers that take parameters.
    static let parameterised = ["Imputer", "TfIdf", "HashOneHotEncoder"]
    /// What a column may be declared to be.
    static let purposes = ["Numeric", "Categorical", "CategoricalHash", "DateTime", "Text", "Ignore", "Hashes"]
}

/// Metrics have one spelling in jobs and another in runs.
enum MetricNames {
    /// `AUCWeighted` is logged as `AUC_weighted`, `R2Score` as `r2_score`.
    static func logged(_ word: String) -> String {
        if word == "AUCWeighted" { return "AUC_weighted" }
        var name = ""
        for letter in word {
            if letter.isUppercase, !name.isEmpty { name += "_" }
            name += letter.lowercased()
        }
        return name
    }
}

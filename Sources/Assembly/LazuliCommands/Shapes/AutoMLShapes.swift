import LazuliResources

/// AutoML jobs: what all tasks say and what each adds, with the places below `taskDetails`.
/// Source: the YAML schema of the stock client, azure-ai-ml 1.35.
enum AutoMLShapes {
    private static let task = "task"
    private static let tables = ["classification", "regression", "forecasting"]
    private static let texts = ["text_classification", "text_classification_multilabel", "text_ner"]
    private static let imageClasses = ["image_classification", "image_classification_multilabel"]
    private static let imageObjects = ["image_object_detection", "image_instance_segmentation"]
    private static let images = imageClasses + imageObjects

    private static let tasks = Words([
        ("classification", "Classification"), ("regression", "Regression"), ("forecasting", "Forecasting"),
        ("text_classification", "TextClassification"),
        ("text_classification_multilabel", "TextClassificationMultilabel"),
        ("text_ner", "TextNER"), ("image_classification", "ImageClassification"),
        ("image_classification_multilabel", "ImageClassificationMultilabel"),
        ("image_object_detection", "ImageObjectDetection"),
        ("image_instance_segmentation", "ImageInstanceSegmentation"),
    ])

    static let rows: [Row] =
        [
            JobPorts.outputs, SharedRows.resources, SharedRows.queueSettings, .optional("environment_id"),
            SharedRows.environmentVariables, .local("inputs", .any),
        ] + details.under("taskDetails")

    private static let details: [Row] =
        [
            .required(task, .word(tasks), at: "taskType"), .required("training_data", JobPorts.input),
            .optional("validation_data", JobPorts.input), .optional("target_column_name"),
            .optional("primary_metric", .word(metrics)),
            .optional(
                "log_verbosity",
                .word([
                    "not_set": "NotSet", "debug": "Debug", "info": "Info", "warning": "Warning", "error": "Error",
                    "critical": "Critical",
                ])),
        ] + table.when(task, in: tables) + forecasting.when(task, in: ["forecasting"])
        + text.when(task, in: texts) + image.when(task, in: images)
        + [
            .optional("positive_label").when(task, in: ["classification"]),
            AutoMLModelShapes.settings(AutoMLModelShapes.classes).when(task, in: imageClasses),
            AutoMLModelShapes.settings(AutoMLModelShapes.objects).when(task, in: imageObjects),
            AutoMLModelShapes.searchSpace(AutoMLModelShapes.classes).when(task, in: imageClasses),
            AutoMLModelShapes.searchSpace(AutoMLModelShapes.objects).when(task, in: imageObjects),
            AutoMLModelShapes.searchSpace(AutoMLModelShapes.texts).when(task, in: texts),
        ]

    /// The file's spelling and the wire's.
    private static let metrics = Words(
        [
            ("auc_weighted", "AUCWeighted"), ("accuracy", "Accuracy"), ("norm_macro_recall", "NormMacroRecall"),
            ("average_precision_score_weighted", "AveragePrecisionScoreWeighted"),
            ("precision_score_weighted", "PrecisionScoreWeighted"), ("iou", "IOU"),
            ("spearman_correlation", "SpearmanCorrelation"),
            ("normalized_root_mean_squared_error", "NormalizedRootMeanSquaredError"), ("r2_score", "R2Score"),
            ("normalized_mean_absolute_error", "NormalizedMeanAbsoluteError"),
            ("mean_average_precision", "MeanAveragePrecision"),
        ])

    // MARK: - Tables

    private static let table: [Row] = [
        .optional("test_data", JobPorts.input), .optional("validation_data_size", .number),
        .optional("test_data_size", .number),
        .optional("n_cross_validations", chosen), .optional("cv_split_column_names", .list(.text)),
        .optional("weight_column_name"), .optional("limits", limits, at: "limitSettings"),
        .optional("training", training, at: "trainingSettings"),
        .optional("featurization", featurization, at: "featurizationSettings"),
    ]

    /// A number, or `auto`.
    private static let chosen = Shape.coded(
        .any,
        Codec(
            encode: { value in
                value.string?.lowercased() == "auto" ? ["mode": "Auto"] : ["mode": "Custom", "value": value]
            },
            decode: { value in
                value["mode"].string == "Auto" ? "auto" : value["value"].isNull ? value : value["value"]
            }))

    private static let trialLimits: [Row] =
        .integers("max_concurrent_trials", "max_trials") + [
            .optional("timeout_minutes", .minutes, at: "timeout")
        ]

    private static let limits = Shape.object(
        Fields(
            trialLimits + .integers("max_cores_per_trial", "max_nodes") + [
                .optional("enable_early_termination", .boolean), .optional("exit_score", .number),
                .optional("trial_timeout_minutes", .minutes, at: "trialTimeout"),
            ]))

    private static let algorithms = Words(
        [
            ("logistic_regression", "LogisticRegression"), ("sgd", "SGD"),
            ("multinomial_naive_bayes", "MultinomialNaiveBayes"), ("bernoulli_naive_bayes", "BernoulliNaiveBayes"),
            ("svm", "SVM"), ("linear_svm", "LinearSVM"), ("knn", "KNN"), ("decision_tree", "DecisionTree"),
            ("random_forest", "RandomForest"), ("extreme_random_trees", "ExtremeRandomTrees"),
            ("light_gbm", "LightGBM"), ("gradient_boosting", "GradientBoosting"),
            ("xg_boost_classifier", "XGBoostClassifier"), ("xg_boost_regressor", "XGBoostRegressor"),
            ("elastic_net", "ElasticNet"), ("lasso_lars", "LassoLars"), ("auto_arima", "AutoArima"),
            ("prophet", "Prophet"), ("naive", "Naive"), ("seasonal_naive", "SeasonalNaive"), ("average", "Average"),
            ("seasonal_average", "SeasonalAverage"), ("exponential_smoothing", "ExponentialSmoothing"),
            ("arimax", "Arimax"), ("tcn_forecaster", "TCNForecaster"),
        ])

    private static let training = Shape.object(
        Fields(
            .booleans(
                "enable_dnn_training", "enable_model_explainability", "enable_onnx_compatible_models",
                "enable_stack_ensemble", "enable_vote_ensemble") + [
                    .optional("allowed_training_algorithms", .list(.word(algorithms))),
                    .optional("blocked_training_algorithms", .list(.word(algorithms))),
                    .optional(
                        "ensemble_model_download_timeout_minutes", .minutes, at: "ensembleModelDownloadTimeout"),
                    .optional(
                        "training_mode",
                        .word(["auto": "Auto", "distributed": "Distributed", "non_distributed": "NonDistributed"])),
                    .optional("stack_ensemble_settings", stack),
                ]))

    private static let stack = Shape.object(
        Fields([
            .optional("stack_meta_learner_kwargs", .any, at: "stackMetaLearnerKWargs"),
            .optional("stack_meta_learner_train_percentage", .number),
            .optional(
                "stack_meta_learner_type",
                .word(
                    Words([
                        ("none", "None"), ("logistic_regression", "LogisticRegression"),
                        ("logistic_regression_cv", "LogisticRegressionCV"),
                        ("light_gbm_classifier", "LightGBMClassifier"), ("elastic_net", "ElasticNet"),
                        ("elastic_net_cv", "ElasticNetCV"), ("light_gbm_regressor", "LightGBMRegressor"),
                        ("linear_regression", "LinearRegression"),
                    ]))),
        ]))

    private static let transformers = Words([
        ("TextTargetEncoder", "TextTargetEncoder"), ("OneHotEncoder", "OneHotEncoder"),
        ("CatTargetEncoder", "CatTargetEncoder"), ("TfIdf", "TfIdf"), ("WoETargetEncoder", "WoETargetEncoder"),
        ("LabelEncoder", "LabelEncoder"), ("WordEmbedding", "WordEmbedding"), ("NaiveBayes", "NaiveBayes"),
        ("CountVectorizer", "CountVectorizer"), ("HashOneHotEncoder", "HashOneHotEncoder"),
    ])

    private static let featurization = Shape.object(
        Fields([
            .optional("mode", .word(["auto": "Auto", "off": "Off", "custom": "Custom"])), .optional("dataset_language"),
            .optional("blocked_transformers", .list(.word(transformers))),
            .optional("column_name_and_types", .map(.text)), .optional("enable_dnn_featurization", .boolean),
            .optional("transformer_params", transformerParameters),
        ]))

    /// Transformers by name, which may be written in any case.
    private static let transformerParameters = Shape.coded(
        .map(.list(.object(Fields([.optional("fields", .list(.text)), .optional("parameters", .map(.any))])))),
        Codec(
            encode: { value in
                .object(
                    JSONObject(
                        (value.object?.pairs ?? []).map { (Words(parameterised).canonical($0.key) ?? $0.key, $0.value) }
                    ))
            },
            decode: { $0 }))

    private static let parameterised = [
        ("Imputer", "Imputer"), ("TfIdf", "TfIdf"), ("HashOneHotEncoder", "HashOneHotEncoder"),
    ]

    // MARK: - Forecasts

    private static let forecasting: [Row] = [.optional("forecasting", forecast, at: "forecastingSettings")]

    private static let forecast = Shape.object(
        Fields(
            .texts("country_or_region_for_holidays", "frequency", "time_column_name") + [
                .optional("cv_step_size", .integer), .optional("forecast_horizon", chosen),
                .optional("seasonality", chosen), .optional("target_lags", lags),
                .optional("target_rolling_window_size", chosen),
                .optional("time_series_id_column_names", .oneOrMore(.text)),
                .optional("features_unknown_at_forecast_time", .oneOrMore(.text)),
                .optional("feature_lags", .word(["none": "None", "auto": "Auto"])),
                .optional(
                    "short_series_handling_config",
                    .word(["none": "None", "auto": "Auto", "pad": "Pad", "drop": "Drop"])),
                .optional(
                    "target_aggregate_function",
                    .word(["none": "None", "sum": "Sum", "max": "Max", "min": "Min", "mean": "Mean"])),
                .optional("use_stl", .word(["none": "None", "season": "Season", "season_trend": "SeasonTrend"])),
            ]))

    private static let lags = Shape.coded(
        .any,
        Codec(
            encode: { value in
                if value.string?.lowercased() == "auto" { return ["mode": "Auto"] }
                return ["mode": "Custom", "values": value.array == nil ? .array([value]) : value]
            },
            decode: { value in
                value["mode"].string == "Auto" ? "auto" : value["values"].isNull ? value : value["values"]
            }))

    // MARK: - Text and images

    private static let sweep = Row.optional(
        "sweep",
        .object(
            Fields([
                .optional(
                    "sampling_algorithm", .word(["random": "Random", "grid": "Grid", "bayesian": "Bayesian"])),
                .optional("early_termination", SweepShapes.earlyTermination),
            ])), at: "sweepSettings")

    private static let text: [Row] = [
        .optional(
            "limits",
            .object(
                Fields(
                    trialLimits + [
                        .optional("max_nodes", .integer),
                        .optional("trial_timeout_minutes", .minutes, at: "trialTimeout"),
                    ])), at: "limitSettings"),
        .optional("featurization", .object(Fields([.optional("dataset_language")])), at: "featurizationSettings"),
        AutoMLModelShapes.parameters(AutoMLModelShapes.texts), sweep,
    ]

    private static let image: [Row] = [
        .optional("limits", .object(Fields(trialLimits)), at: "limitSettings"),
        .optional("validation_data_size", .number), .optional("test_data", .any, at: ""),
        .optional("test_data_size", .number, at: ""), sweep,
    ]
}

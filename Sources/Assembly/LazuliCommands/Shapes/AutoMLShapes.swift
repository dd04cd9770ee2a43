import LazuliResources

/// AutoML jobs: one set of keys for the tabular tasks, their places below `taskDetails`.
enum AutoMLShapes {
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

    private static let details: [Row] = [
        .required("task", .word(tasks), at: "taskType"), .optional("target_column_name"),
        .optional("primary_metric", pascal),
        .required("training_data", JobPorts.input), .optional("validation_data", JobPorts.input),
        .optional("test_data", JobPorts.input), .optional("validation_data_size", .number),
        .optional("test_data_size", .number),
        .optional("n_cross_validations", chosen(.integer)), .optional("cv_split_column_names", .list(.text)),
        .optional("weight_column_name"),
        .optional(
            "log_verbosity",
            .word([
                "not_set": "NotSet", "debug": "Debug", "info": "Info", "warning": "Warning", "error": "Error",
                "critical": "Critical",
            ])),
        .optional("limits", limits, at: "limitSettings"), .optional("training", training, at: "trainingSettings"),
        .optional("featurization", featurization, at: "featurizationSettings"),
        .optional("forecasting", forecasting, at: "forecastingSettings"),
        .optional("sweep", .any, at: "sweepSettings"), .optional("search_space", .any),
        .optional("training_parameters", .any),
    ]

    /// The wire has the enum words without underscores: `AUC_weighted` is `AUCWeighted`.
    private static let pascal = Shape.coded(
        .text,
        Codec(
            encode: { value in
                guard let text = value.string else { return value }
                return .string(text.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
            },
            decode: { value in
                guard let text = value.string else { return value }
                let snake = SharedRows.snakeCase(text)
                return .string(snake == "aucweighted" || snake == "auc_weighted" ? "auc_weighted" : snake)
            }))

    /// A number, or `auto`.
    private static func chosen(_ number: Shape) -> Shape {
        .coded(
            .any,
            Codec(
                encode: { value in
                    value.string?.lowercased() == "auto" ? ["mode": "Auto"] : ["mode": "Custom", "value": value]
                },
                decode: { value in
                    value["mode"].string == "Auto" ? "auto" : value["value"].isNull ? value : value["value"]
                }))
    }

    private static let limits = Shape.object(
        Fields([
            .optional("enable_early_termination", .boolean), .optional("exit_score", .number),
            .optional("max_concurrent_trials", .integer),
            .optional("max_cores_per_trial", .integer), .optional("max_nodes", .integer),
            .optional("max_trials", .integer),
            .optional("timeout_minutes", .minutes, at: "timeout"),
            .optional("trial_timeout_minutes", .minutes, at: "trialTimeout"),
        ]))

    private static let training = Shape.object(
        Fields(
            .booleans(
                "enable_dnn_training", "enable_model_explainability", "enable_onnx_compatible_models",
                "enable_stack_ensemble", "enable_vote_ensemble") + [
                    .optional("allowed_training_algorithms", .list(pascal)),
                    .optional("blocked_training_algorithms", .list(pascal)),
                    .optional("ensemble_model_download_timeout", .minutes), .optional("training_mode"),
                    .optional("stack_ensemble_settings", .any),
                ]))

    private static let featurization = Shape.object(
        Fields([
            .optional("mode", .word(["auto": "Auto", "off": "Off", "custom": "Custom"])), .optional("dataset_language"),
            .optional("blocked_transformers", .list(.text)), .optional("column_name_and_types", .map(.text)),
            .optional("enable_dnn_featurization", .boolean), .optional("transformer_params", .any),
        ]))

    private static let forecasting = Shape.object(
        Fields(
            .texts(
                "country_or_region_for_holidays", "frequency", "feature_lags", "short_series_handling_config",
                "target_aggregate_function", "time_column_name", "use_stl") + [
                    .optional("cv_step_size", .integer), .optional("forecast_horizon", chosen(.integer)),
                    .optional("seasonality", chosen(.integer)), .optional("target_lags", lags),
                    .optional("target_rolling_window_size", chosen(.integer)),
                    .optional("time_series_id_column_names", .oneOrMore(.text)),
                    .optional("features_unknown_at_forecast_time", .oneOrMore(.text)),
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
}

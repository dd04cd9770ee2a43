import LazuliResources

/// What an AutoML job may say. Source: `AutoMLVertical` and its ten descendants of the specification, 2025-01-01-preview;
/// members that clients of 2023-04-01-preview still send are there too.
enum TaskDetails {
    static let members: [Field] = [
        .optional("environmentId", .string), .optional("environmentVariables", .map(.any)),
        .required("taskDetails", schema),
    ]

    private static let schema: Schema = .tagged(
        by: "taskType",
        [
            "Classification": .object(classification), "Regression": .object(regression),
            "Forecasting": .object(forecasting),
            "TextClassification": .object(text(ClassificationWords.metrics)),
            "TextClassificationMultilabel": .object(text(ClassificationWords.metrics + ["IOU"])),
            "TextNER": .object(text(ClassificationWords.metrics)),
            "ImageClassification": .object(ImageTaskDetails.classification(ClassificationWords.metrics)),
            "ImageClassificationMultilabel": .object(
                ImageTaskDetails.classification(ClassificationWords.metrics + ["IOU"])),
            "ImageObjectDetection": .object(ImageTaskDetails.detection),
            "ImageInstanceSegmentation": .object(ImageTaskDetails.detection),
        ])

    // MARK: - What all say

    static let common: [Field] = [
        .required("trainingData", data), .optional("validationData", data), .optional("targetColumnName", .string),
        .optional("logVerbosity", .oneOf(["NotSet", "Debug", "Info", "Warning", "Error", "Critical"])),
    ]

    private static let data: Schema = .tagged(
        by: "jobInputType",
        Dictionary(
            uniqueKeysWithValues: ["mltable", "uri_file", "uri_folder"].map { type in
                (
                    type,
                    Schema.object([
                        .required("uri", .string), .optional("description", .string),
                        .optional("pathOnCompute", .string),
                        .optional(
                            "mode",
                            .oneOf([
                                "ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload",
                            ])),
                    ])
                )
            }))

    static func metric(_ words: [String]) -> Field { .optional("primaryMetric", .oneOf(words)) }

    // MARK: - Tables

    private static let table: [Field] =
        common + [
            .optional("testData", data), .optional("testDataSize", .number), .optional("validationDataSize", .number),
            .optional("weightColumnName", .string), .optional("cvSplitColumnNames", .array(.string)),
            .optional(
                "nCrossValidations",
                .tagged(by: "mode", ["Auto": .object([]), "Custom": .object([.required("value", .integer)])])),
            .optional("limitSettings", limits), .optional("featurizationSettings", featurization),
            .optional("fixedParameters", .any), .optional("searchSpace", .any), .optional("sweepSettings", .any),
        ]

    private static let classification: [Field] =
        table + [
            metric(ClassificationWords.metrics), .optional("positiveLabel", .string),
            .optional("trainingSettings", training(ClassificationWords.algorithms)),
        ]

    private static let regression: [Field] =
        table + [
            metric(RegressionWords.metrics),
            .optional("trainingSettings", training(RegressionWords.algorithms)),
        ]

    private static let forecasting: [Field] =
        table + [
            metric(RegressionWords.metrics),
            .optional("trainingSettings", training(ForecastingWords.algorithms)),
            .optional("forecastingSettings", ForecastingWords.settings),
        ]

    private static let limits: Schema = .object([
        .optional("enableEarlyTermination", .boolean), .optional("exitScore", .number),
        .optional("maxConcurrentTrials", .integer), .optional("maxCoresPerTrial", .integer),
        .optional("maxTrials", .integer), .optional("maxNodes", .integer), .optional("timeout", .duration),
        .optional("trialTimeout", .duration), .optional("sweepConcurrentTrials", .integer),
        .optional("sweepTrials", .integer),
    ])

    private static let featurization: Schema = .object([
        .optional("mode", .oneOf(["Auto", "Custom", "Off"])), .optional("datasetLanguage", .string),
        .optional("enableDnnFeaturization", .boolean),
        .optional("columnNameAndTypes", .map(.oneOf(FeaturizationWords.purposes))),
        .optional("blockedTransformers", .array(.oneOf(FeaturizationWords.blockable))),
        .optional(
            "transformerParams",
            .map(.array(.object([.optional("fields", .array(.string)), .optional("parameters", .map(.any))])))),
    ])

    private static func training(_ algorithms: [String]) -> Schema {
        .object([
            .optional("enableDnnTraining", .boolean), .optional("enableModelExplainability", .boolean),
            .optional("enableOnnxCompatibleModels", .boolean), .optional("enableStackEnsemble", .boolean),
            .optional("enableVoteEnsemble", .boolean), .optional("ensembleModelDownloadTimeout", .duration),
            .optional("trainingMode", .oneOf(["Auto", "Distributed", "NonDistributed"])),
            .optional("allowedTrainingAlgorithms", .array(.oneOf(algorithms))),
            .optional("blockedTrainingAlgorithms", .array(.oneOf(algorithms))),
            .optional(
                "stackEnsembleSettings",
                .object([
                    .optional("stackMetaLearnerKWargs", .any), .optional("stackMetaLearnerTrainPercentage", .number),
                    .optional(
                        "stackMetaLearnerType",
                        .oneOf([
                            "None", "LogisticRegression", "LogisticRegressionCV", "LightGBMClassifier", "ElasticNet",
                            "ElasticNetCV", "LightGBMRegressor", "LinearRegression",
                        ])),
                ])),
        ])
    }

    // MARK: - Text

    private static func text(_ metrics: [String]) -> [Field] {
        common + [
            metric(metrics), .optional("featurizationSettings", .object([.optional("datasetLanguage", .string)])),
            .optional(
                "limitSettings",
                .object([
                    .optional("maxConcurrentTrials", .integer), .optional("maxTrials", .integer),
                    .optional("maxNodes", .integer), .optional("timeout", .duration),
                    .optional("trialTimeout", .duration),
                ])),
            .optional("fixedParameters", .any), .optional("searchSpace", .array(.any)),
            .optional("sweepSettings", ImageTaskDetails.sweep),
        ]
    }
}

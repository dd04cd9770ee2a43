import LazuliResources

/// The members of the image tasks. A search space says the same as the settings, each value as an expression.
enum ImageTaskDetails {
    static func classification(_ metrics: [String]) -> [Field] {
        task(
            metrics, model: model + integers(croppingIntegers),
            space: space(modelNames + croppingIntegers))
    }

    static let detection: [Field] = task(
        ["MeanAveragePrecision"],
        model: model + integers(detectionIntegers) + numbers(detectionNumbers) + [
            .optional("modelSize", .oneOf(["None", "Small", "Medium", "Large", "ExtraLarge"])),
            .optional("multiScale", .boolean), .optional("tileGridSize", .string),
            .optional("validationMetricType", .oneOf(["None", "Coco", "Voc", "CocoVoc"])),
            .optional("logTrainingMetrics", .oneOf(["Enable", "Disable"])),
            .optional("logValidationLoss", .oneOf(["Enable", "Disable"])),
        ],
        space: space(
            modelNames + detectionIntegers + detectionNumbers
                + ["modelSize", "multiScale", "tileGridSize", "validationMetricType"]))

    private static func task(_ metrics: [String], model: [Field], space: Schema) -> [Field] {
        TaskDetails.common + [
            TaskDetails.metric(metrics), .optional("validationDataSize", .number),
            .optional(
                "limitSettings",
                .object([
                    .optional("maxConcurrentTrials", .integer), .optional("maxTrials", .integer),
                    .optional("timeout", .duration),
                ])),
            .optional("modelSettings", .object(model)), .optional("searchSpace", .array(space)),
            .optional("sweepSettings", sweep),
        ]
    }

    static let sweep: Schema = .object([
        .optional("samplingAlgorithm", .oneOf(["Grid", "Random", "Bayesian"])),
        .optional(
            "earlyTermination",
            .tagged(
                by: "policyType",
                [
                    "Bandit": .object(policy + numbers(["slackFactor", "slackAmount"])),
                    "MedianStopping": .object(policy),
                    "TruncationSelection": .object(policy + integers(["truncationPercentage"])),
                ])),
    ])

    private static let policy = integers(["evaluationInterval", "delayEvaluation"])

    // MARK: - Settings

    private static let modelIntegers = [
        "checkpointFrequency", "earlyStoppingDelay", "earlyStoppingPatience", "evaluationFrequency",
        "gradientAccumulationStep", "layersToFreeze", "numberOfEpochs", "numberOfWorkers", "randomSeed",
        "stepLRStepSize", "trainingBatchSize", "validationBatchSize", "warmupCosineLRWarmupEpochs",
    ]
    private static let modelNumbers = [
        "beta1", "beta2", "learningRate", "momentum", "stepLRGamma", "warmupCosineLRCycles", "weightDecay",
    ]
    private static let modelFlags = [
        "amsGradient", "distributed", "earlyStopping", "enableOnnxNormalization", "nesterov",
    ]
    private static let modelTexts = [
        "advancedSettings", "augmentations", "checkpointRunId", "modelName", "learningRateScheduler", "optimizer",
    ]
    private static let croppingIntegers = [
        "trainingCropSize", "validationCropSize", "validationResizeSize", "weightedLoss",
    ]
    private static let detectionIntegers = ["boxDetectionsPerImage", "imageSize", "maxSize", "minSize"]
    private static let detectionNumbers = [
        "boxScoreThreshold", "nmsIouThreshold", "tileOverlapRatio", "tilePredictionsNmsThreshold",
        "validationIouThreshold",
    ]
    private static let modelNames = modelIntegers + modelNumbers + modelFlags + modelTexts

    private static let model: [Field] =
        integers(modelIntegers) + numbers(modelNumbers) + modelFlags.map { .optional($0, .boolean) }
        + modelTexts.map { .optional($0, .string) } + [.optional("checkpointModel", .any)]

    private static func space(_ names: [String]) -> Schema { .object(names.map { .optional($0, .string) }) }
    private static func integers(_ names: [String]) -> [Field] { names.map { .optional($0, .integer) } }
    private static func numbers(_ names: [String]) -> [Field] { names.map { .optional($0, .number) } }
}

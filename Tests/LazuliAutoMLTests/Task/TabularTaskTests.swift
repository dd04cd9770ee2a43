import LazuliDomain
import LazuliLearning
import LazuliResources
import Testing

@testable import LazuliAutoML

@Suite("An AutoML task as an experiment")
struct TabularTaskTests {
    /// As the stock client sends the public bank marketing sample.
    private static let bank: JSON = [
        "taskType": "Classification", "primaryMetric": "AUCWeighted", "targetColumnName": "y", "logVerbosity": "Debug",
        "trainingData": ["jobInputType": "mltable", "uri": "azureml:train:1"],
        "validationData": ["jobInputType": "mltable", "uri": "azureml:valid:1"],
        "limitSettings": [
            "timeout": "PT180M", "maxTrials": 40, "trialTimeout": "PT20M", "enableEarlyTermination": true,
            "exitScore": 0.92, "maxConcurrentTrials": 2,
        ],
        "featurizationSettings": [
            "mode": "Custom",
            "transformerParams": ["Imputer": [["fields": ["job"], "parameters": ["strategy": "most_frequent"]]]],
            "blockedTransformers": ["WordEmbedding"], "columnNameAndTypes": ["age": "Numeric"],
        ],
        "trainingSettings": [
            "enableModelExplainability": true, "allowedTrainingAlgorithms": ["GradientBoosting", "LogisticRegression"],
            "enableStackEnsemble": false,
        ],
    ]

    @Test("Every setting arrives")
    func settings() throws {
        let task = TabularTask(details: Self.bank)
        let settings = try task.settings(places: ["training": "/t", "validation": "/v"], memoryBytes: 7)
        #expect(settings.task == .classification)
        #expect(settings.target == "y")
        #expect((settings.data.training, settings.data.validation, settings.data.test) == ("/t", "/v", nil))
        #expect(settings.primaryMetric == "AUC_weighted")
        #expect((settings.limits.seconds, settings.limits.trialSeconds) == (10_800, 1_200))
        #expect((settings.limits.trials, settings.limits.concurrentTrials) == (40, 2))
        #expect((settings.limits.exitScore, settings.limits.memoryBytes) == (0.92, 7))
        #expect(settings.algorithms.allowed == ["GradientBoosting", "LogisticRegression"])
        #expect(settings.featurization.mode == .custom)
        #expect(settings.featurization.purposes == ["age": "Numeric"])
        #expect(settings.featurization.transformers.first?.columns == ["job"])
        #expect((settings.ensembles.votes, settings.ensembles.stacks) == (true, false))
        #expect(ExperimentSettings(settings.json) == settings)
    }

    @Test("Its tables are its inputs, each with its place in the body")
    func inputs() {
        let inputs = TabularTask(details: Self.bank).inputs
        #expect(inputs.map(\.name) == ["training", "validation"])
        #expect(inputs.first?.input.path == "$.properties.taskDetails.trainingData.uri")
    }

    @Test(
        "Metrics are logged under the names that runs have",
        arguments: [
            ("AUCWeighted", "AUC_weighted"), ("Accuracy", "accuracy"), ("NormMacroRecall", "norm_macro_recall"),
            ("AveragePrecisionScoreWeighted", "average_precision_score_weighted"),
            ("PrecisionScoreWeighted", "precision_score_weighted"), ("R2Score", "r2_score"),
            ("NormalizedRootMeanSquaredError", "normalized_root_mean_squared_error"),
            ("SpearmanCorrelation", "spearman_correlation"),
        ])
    func metrics(word: String, name: String) { #expect(MetricNames.logged(word) == name) }
}

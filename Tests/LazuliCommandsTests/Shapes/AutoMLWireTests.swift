import LazuliResources
import Testing

@testable import LazuliCommands

@Suite("AutoML jobs as files and on the wire")
struct AutoMLWireTests {
    /// The task that a file becomes.
    private func details(_ yaml: String) async throws -> JSON {
        try await body(yaml)["properties"]["taskDetails"]
    }

    private func body(_ yaml: String) async throws -> JSON {
        let kind = ResourceKind.job
        let document = try YAMLDocument.parse("type: automl\n" + yaml, name: "t.yml", folder: "/")
        let checked = try ShapeChecker.check(document, kind.fields)
        return kind.finish(kind.fields.encode(try await kind.fields.resolve(checked, with: FakeAssets())))
    }

    private static let data = "training_data: {type: mltable, path: azureml:t:1}\n"

    private static let table = """
        task: classification
        primary_metric: accuracy
        log_verbosity: debug
        target_column_name: "y"
        limits: {timeout_minutes: 180, max_trials: 40, trial_timeout_minutes: 20, exit_score: 0.92}
        featurization:
          mode: custom
          transformer_params:
            imputer:
              - fields: [job]
                parameters: {strategy: most_frequent}
          blocked_transformers: [WordEmbedding]
          column_name_and_types: {age: Numeric}
        training:
          enable_model_explainability: true
          allowed_training_algorithms: [gradient_boosting, logistic_regression]
          blocked_training_algorithms: [xg_boost_classifier, light_gbm]
          stack_ensemble_settings: {stack_meta_learner_type: logistic_regression_cv}
        \(data)
        """

    private static let forecast = """
        task: forecasting
        primary_metric: normalized_root_mean_squared_error
        target_column_name: cnt
        n_cross_validations: auto
        forecasting:
          time_column_name: date
          forecast_horizon: 14
          target_lags: auto
          time_series_id_column_names: [Store, Brand]
          use_stl: season_trend
        \(data)
        """

    private static let image = """
        task: image_object_detection
        primary_metric: mean_average_precision
        target_column_name: label
        limits: {timeout_minutes: 60, max_trials: 10}
        training_parameters: {early_stopping: true, evaluation_frequency: 1, step_lr_gamma: 0.5}
        sweep:
          sampling_algorithm: random
          early_termination: {type: bandit, evaluation_interval: 2, slack_factor: 0.2, delay_evaluation: 6}
        search_space:
          - model_name: {type: choice, values: [yolov5]}
            learning_rate: {type: uniform, min_value: 0.0001, max_value: 0.01}
            number_of_epochs: {type: choice, values: [15, 30]}
        \(data)
        """

    private static let text = """
        task: text_ner
        primary_metric: accuracy
        limits: {timeout_minutes: 120, max_nodes: 4}
        training_parameters: {model_name: bert-base-cased}
        search_space:
          - model_name: {type: choice, values: [bert-base-cased, roberta-base]}
          - weight_decay: {type: uniform, min_value: 0.01, max_value: 0.1}
        \(data)
        """

    @Test("A table's task is what the stock client sends")
    func encodesTable() async throws {
        let details = try await details(Self.table)
        #expect(details["primaryMetric"] == "Accuracy")
        #expect(
            details["limitSettings"]
                == ["maxTrials": 40, "timeout": "PT180M", "exitScore": 0.92, "trialTimeout": "PT20M"])
        #expect(
            details["featurizationSettings"]["transformerParams"]
                == ["Imputer": [["fields": ["job"], "parameters": ["strategy": "most_frequent"]]]])
        let training = details["trainingSettings"]
        #expect(training["allowedTrainingAlgorithms"] == ["GradientBoosting", "LogisticRegression"])
        #expect(training["blockedTrainingAlgorithms"] == ["XGBoostClassifier", "LightGBM"])
        #expect(training["stackEnsembleSettings"]["stackMetaLearnerType"] == "LogisticRegressionCV")
    }

    @Test("A forecast's task is what the stock client sends")
    func encodesForecast() async throws {
        let details = try await details(Self.forecast)
        #expect(details["nCrossValidations"] == ["mode": "Auto"])
        #expect(details["primaryMetric"] == "NormalizedRootMeanSquaredError")
        let settings = details["forecastingSettings"]
        #expect(settings["forecastHorizon"] == ["mode": "Custom", "value": 14])
        #expect(settings["targetLags"] == ["mode": "Auto"])
        #expect(settings["useStl"] == "SeasonTrend")
    }

    @Test("An image task's search space becomes the texts that the stock client sends")
    func encodesImage() async throws {
        let details = try await details(Self.image)
        #expect(details["modelSettings"]["stepLRGamma"] == 0.5)
        #expect(details["sweepSettings"]["earlyTermination"]["policyType"] == "Bandit")
        #expect(
            details["searchSpace"] == [
                [
                    "numberOfEpochs": "choice(15,30)", "learningRate": "uniform(0.0001,0.01)",
                    "modelName": "choice('yolov5')",
                ]
            ])
    }

    @Test("A text task's parameters stand where the stock client puts them")
    func encodesText() async throws {
        let details = try await details(Self.text)
        #expect(details["fixedParameters"] == ["modelName": "bert-base-cased"])
        #expect(details["limitSettings"]["maxNodes"] == 4)
        #expect(
            details["searchSpace"] == [
                ["modelName": "choice('bert-base-cased','roberta-base')"], ["weightDecay": "uniform(0.01,0.1)"],
            ])
    }

    @Test("What show gives makes the same job again", arguments: [table, forecast, image, text])
    func roundTrip(yaml: String) async throws {
        let first = try await body(yaml)
        let shown = YAMLWriter.text(of: ResourceKind.job.show(first)).replacing("type: automl\n", with: "")
        let second = try await body(shown)
        #expect(second == first, "\(shown)\n\(second.prettyText)\n\(first.prettyText)")
    }

    @Test("A key of another task is unknown in this one")
    func otherTasksKeys() async throws {
        await #expect(throws: ServiceError.self) {
            _ = try await body("task: regression\ntarget_column_name: y\nforecasting: {}\n" + Self.data)
        }
    }
}

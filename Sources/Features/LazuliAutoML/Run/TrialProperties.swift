import Crypto
import LazuliDomain
import LazuliLearning
import LazuliResources

/// The properties that Azure's experiments and trials have, under their names there.
enum TrialProperties {
    static func parent(_ preparation: ExperimentEvent.Preparation, of job: RunningJob) -> [String: String] {
        let task = TabularTask(details: job.properties["taskDetails"])
        var properties = [
            "azureml.runsource": "automl", "runTemplate": "AutoML", "run_type": "automl",
            "primary_metric": preparation.metric, "display_task_type": task.type.lowercased(),
            "target_column_name": task.target, "validation": preparation.validation,
            "num_rows": String(preparation.rows), "num_columns": String(preparation.columns),
            "num_features": String(preparation.features),
        ]
        properties["num_iterations"] = task.limits["maxTrials"].integer.map(String.init)
        properties["num_cross_validation"] = task.folds.map(String.init)
        if !preparation.guardrails.isEmpty {
            properties["data_guardrails"] = preparation.guardrails.map {
                "\($0.name): \($0.status.rawValue). \($0.sentence)"
            }
            .joined(separator: "\n")
        }
        if !preparation.unavailable.isEmpty {
            properties["unavailable_algorithms"] =
                preparation.unavailable.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: " ")
        }
        return properties
    }

    static func begun(_ trial: ExperimentEvent.Trial, of job: RunningJob, metric: String?) -> [String: String] {
        var properties = [
            "azureml.runsource": "automl", "runTemplate": "automl_child", "run_template": "automl_child",
            "iteration": String(trial.number), "run_algorithm": trial.algorithm,
            "run_preprocessor": trial.preprocessor, "training_percent": "100",
            "pipeline_id": pipelineID(trial), "pipeline_spec": spec(trial).text,
        ]
        properties["primary_metric"] = metric
        return properties
    }

    static func ended(_ result: ExperimentEvent.TrialResult, score: Double?) -> [String: String] {
        var properties = ["fit_time": JSON.number((result.seconds * 1_000).rounded() / 1_000).text]
        properties["score"] = score.map { JSON.number($0).text }
        return properties
    }

    /// Equal for equal pipelines, whatever the job.
    private static func pipelineID(_ trial: ExperimentEvent.Trial) -> String {
        SHA256.hash(data: Array(spec(trial).text.utf8)).prefix(20).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func spec(_ trial: ExperimentEvent.Trial) -> JSON {
        var objects: [JSON] = []
        if !trial.preprocessor.isEmpty {
            objects.append(["class_name": .string(trial.preprocessor), "spec_class": "preproc"])
        }
        objects.append([
            "class_name": .string(trial.algorithm), "spec_class": "model", "param_kwargs": trial.parameters,
        ])
        return ["objects": .array(objects)]
    }

    /// The trial's choices as the params of its run.
    static func params(_ trial: ExperimentEvent.Trial) -> [String: String] {
        var params = ["algorithm": trial.algorithm]
        if !trial.preprocessor.isEmpty { params["preprocessor"] = trial.preprocessor }
        for (name, value) in trial.parameters.object?.pairs ?? [] {
            params[name] = String((value.scalarText ?? value.text).prefix(longestParam))
        }
        return params
    }

    /// The tracking store's limit.
    private static let longestParam = 6_000
}

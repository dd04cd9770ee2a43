import LazuliDomain
import LazuliLearning
import LazuliResources

/// The task of an AutoML job over a table, read once.
struct TabularTask: Sendable {
    let details: JSON

    var type: String { details["taskType"].string ?? "" }
    var target: String { details["targetColumnName"].string ?? "" }
    var folds: Int? { details["nCrossValidations"]["value"].integer }
    var limits: JSON { details["limitSettings"] }
    var training: JSON { details["trainingSettings"] }
    var featurization: JSON { details["featurizationSettings"] }
    var allowed: [String] { Self.texts(training["allowedTrainingAlgorithms"]) }
    var blocked: [String] { Self.texts(training["blockedTrainingAlgorithms"]) }
    var foldColumns: [String] { Self.texts(details["cvSplitColumnNames"]) }

    /// As it is logged; nil when the task's usual one is meant.
    var primaryMetric: String? { details["primaryMetric"].string.map(MetricNames.logged) }

    func seconds(_ limit: String) -> Double? { limits[limit].string.flatMap { ISODuration($0)?.seconds } }

    /// The tables of the job: names are those of `ExperimentSettings.Data`.
    var inputs: [(name: String, input: JobData)] {
        [("training", "trainingData"), ("validation", "validationData"), ("test", "testData")].compactMap {
            name, member in
            guard let uri = details[member]["uri"].string else { return nil }
            let data = JobData(
                type: details[member]["jobInputType"].string ?? "mltable", uri: uri,
                mode: details[member]["mode"].string, path: "$.properties.taskDetails.\(member).uri")
            return (name, data)
        }
    }

    static func texts(_ list: JSON) -> [String] { (list.array ?? []).compactMap(\.string) }
}

extension TabularTask {
    /// What the experiment is asked to do.
    /// - Parameters:
    ///   - places: the paths of the tables, by name.
    ///   - memoryBytes: of the node; nil leaves the whole machine.
    /// - Throws: `invalidArgument` for a task that is none over a table.
    func settings(places: [String: String], memoryBytes: Int64?) throws -> ExperimentSettings {
        guard let task = ExperimentSettings.Task(rawValue: type.lowercased()), let table = places["training"] else {
            throw ServiceError(.invalidArgument, "\(type) is not a task over a table that can be run.")
        }
        var data = ExperimentSettings.Data(training: table)
        data.validation = places["validation"]
        data.test = places["test"]
        data.weightColumn = details["weightColumnName"].string
        data.foldColumns = foldColumns
        var settings = ExperimentSettings(task: task, target: target, data: data)
        settings.primaryMetric = primaryMetric
        settings.positiveLabel = details["positiveLabel"].string
        settings.validation.folds = folds
        settings.validation.holdout = details["validationDataSize"].number
        settings.validation.testShare = details["testDataSize"].number
        settings.limits = experimentLimits(memoryBytes: memoryBytes)
        settings.algorithms.allowed = allowed
        settings.algorithms.blocked = blocked
        settings.featurization = experimentFeaturization
        settings.ensembles.votes = training["enableVoteEnsemble"].bool ?? true
        settings.ensembles.stacks = training["enableStackEnsemble"].bool ?? true
        settings.explains = training["enableModelExplainability"].bool ?? true
        return settings
    }

    private func experimentLimits(memoryBytes: Int64?) -> ExperimentSettings.Limits {
        var chosen = ExperimentSettings.Limits()
        chosen.seconds = seconds("timeout") ?? chosen.seconds
        chosen.trialSeconds = seconds("trialTimeout")
        chosen.trials = limits["maxTrials"].integer
        chosen.concurrentTrials = limits["maxConcurrentTrials"].integer
        chosen.coresPerTrial = limits["maxCoresPerTrial"].integer.flatMap { $0 > 0 ? $0 : nil }
        chosen.exitScore = limits["exitScore"].number
        chosen.stopsEarly = limits["enableEarlyTermination"].bool ?? true
        chosen.memoryBytes = memoryBytes
        return chosen
    }

    private var experimentFeaturization: ExperimentSettings.Featurization {
        var chosen = ExperimentSettings.Featurization()
        chosen.mode = featurization["mode"].string.flatMap { .init(rawValue: $0.lowercased()) } ?? .auto
        chosen.blockedTransformers = Self.texts(featurization["blockedTransformers"])
        for (column, purpose) in featurization["columnNameAndTypes"].object?.pairs ?? [] {
            chosen.purposes[column] = purpose.string
        }
        for (name, list) in featurization["transformerParams"].object?.pairs ?? [] {
            for entry in list.array ?? [] {
                chosen.transformers.append(
                    .init(name: name, columns: Self.texts(entry["fields"]), parameters: entry["parameters"]))
            }
        }
        return chosen
    }
}

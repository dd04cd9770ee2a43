package import LazuliResources

/// The plan file of `lazuli child automl`.
extension ExperimentSettings {
    package var json: JSON {
        [
            "task": .string(task.rawValue), "target": .string(target), "seed": .string(String(seed)),
            "primaryMetric": JSON(primaryMetric), "positiveLabel": JSON(positiveLabel), "explains": .bool(explains),
            "data": .object(dropping: [
                ("training", .string(data.training)), ("validation", data.validation.map(JSON.string)),
                ("test", data.test.map(JSON.string)), ("weightColumn", data.weightColumn.map(JSON.string)),
                ("foldColumns", .array(data.foldColumns.map(JSON.string))), ("places", JSON(data.places)),
            ]),
            "validation": .object(dropping: [
                ("folds", validation.folds.map { JSON($0) }), ("holdout", validation.holdout.map(JSON.number)),
                ("testShare", validation.testShare.map(JSON.number)),
            ]),
            "limits": .object(dropping: [
                ("seconds", .number(limits.seconds)), ("trialSeconds", limits.trialSeconds.map(JSON.number)),
                ("trials", limits.trials.map { JSON($0) }),
                ("concurrentTrials", limits.concurrentTrials.map { JSON($0) }),
                ("coresPerTrial", limits.coresPerTrial.map { JSON($0) }),
                ("exitScore", limits.exitScore.map(JSON.number)), ("stopsEarly", .bool(limits.stopsEarly)),
                ("memoryBytes", limits.memoryBytes.map { .integer($0) }),
            ]),
            "algorithms": [
                "allowed": .array(algorithms.allowed.map(JSON.string)),
                "blocked": .array(algorithms.blocked.map(JSON.string)),
            ],
            "featurization": featurization.json,
            "ensembles": ["votes": .bool(ensembles.votes), "stacks": .bool(ensembles.stacks)],
        ]
    }

    /// - Returns: nil if a member that must be there is missing.
    package init?(_ json: JSON) {
        guard let task = json["task"].string.flatMap(Task.init), let target = json["target"].string,
            let training = json["data"]["training"].string
        else { return nil }
        self.init(task: task, target: target, data: Data(training: training))
        seed = json["seed"].string.flatMap { UInt64($0) } ?? 0
        primaryMetric = json["primaryMetric"].string
        positiveLabel = json["positiveLabel"].string
        explains = json["explains"].bool ?? true
        data.validation = json["data"]["validation"].string
        data.test = json["data"]["test"].string
        data.weightColumn = json["data"]["weightColumn"].string
        data.foldColumns = json["data"]["foldColumns"].texts
        for (address, path) in json["data"]["places"].object?.pairs ?? [] { data.places[address] = path.string }
        validation.folds = json["validation"]["folds"].integer
        validation.holdout = json["validation"]["holdout"].number
        validation.testShare = json["validation"]["testShare"].number
        limits = Limits(json["limits"])
        algorithms.allowed = json["algorithms"]["allowed"].texts
        algorithms.blocked = json["algorithms"]["blocked"].texts
        featurization = Featurization(json["featurization"])
        ensembles.votes = json["ensembles"]["votes"].bool ?? true
        ensembles.stacks = json["ensembles"]["stacks"].bool ?? true
    }
}

extension ExperimentSettings.Limits {
    fileprivate init(_ json: JSON) {
        seconds = json["seconds"].number ?? seconds
        trialSeconds = json["trialSeconds"].number
        trials = json["trials"].integer
        concurrentTrials = json["concurrentTrials"].integer
        coresPerTrial = json["coresPerTrial"].integer
        exitScore = json["exitScore"].number
        stopsEarly = json["stopsEarly"].bool ?? true
        memoryBytes = json["memoryBytes"].integer.map(Int64.init)
    }
}

extension ExperimentSettings.Featurization {
    fileprivate var json: JSON {
        [
            "mode": .string(mode.rawValue), "blockedTransformers": .array(blockedTransformers.map(JSON.string)),
            "purposes": JSON(purposes), "dropped": .array(dropped.map(JSON.string)),
            "transformers": .array(
                transformers.map {
                    [
                        "name": .string($0.name), "columns": .array($0.columns.map(JSON.string)),
                        "parameters": $0.parameters,
                    ]
                }),
        ]
    }

    fileprivate init(_ json: JSON) {
        mode = json["mode"].string.flatMap(Mode.init) ?? .auto
        blockedTransformers = json["blockedTransformers"].texts
        for (column, purpose) in json["purposes"].object?.pairs ?? [] { purposes[column] = purpose.string }
        dropped = json["dropped"].texts
        transformers = (json["transformers"].array ?? []).map {
            Transformer(
                name: $0["name"].string ?? "", columns: $0["columns"].texts, parameters: $0["parameters"])
        }
    }
}

extension JSON {
    /// The texts of an array; empty for anything else.
    var texts: [String] { (array ?? []).compactMap(\.string) }
}

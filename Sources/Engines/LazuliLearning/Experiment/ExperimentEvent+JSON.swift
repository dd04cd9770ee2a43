package import LazuliResources

extension ExperimentEvent {
    package var json: JSON {
        switch self {
        case .prepared(let preparation):
            [
                "event": "prepared", "rows": JSON(preparation.rows), "columns": JSON(preparation.columns),
                "features": JSON(preparation.features), "metric": .string(preparation.metric),
                "isGreaterBetter": .bool(preparation.isGreaterBetter), "validation": .string(preparation.validation),
                "guardrails": .array(preparation.guardrails.map(\.json)), "columnSummary": preparation.columnSummary,
                "unavailable": JSON(preparation.unavailable),
            ]
        case .trialStarted(let trial): ["event": "trialStarted", "trial": trial.json]
        case .trialEnded(let trial, let result):
            [
                "event": "trialEnded", "trial": trial.json, "status": .string(result.status.rawValue),
                "seconds": .number(result.seconds), "metrics": Self.numbers(result.metrics),
                "reason": .string(result.reason),
            ]
        case .progress(let share, let best):
            ["event": "progress", "share": .number(share), "best": best.map(JSON.number) ?? .null]
        case .ended(let ending):
            [
                "event": "ended", "best": ending.best.map { JSON($0) } ?? .null, "reason": .string(ending.reason),
                "isFailure": .bool(ending.isFailure), "testMetrics": Self.numbers(ending.testMetrics),
                "importance": .array(
                    ending.importance.map { ["column": .string($0.column), "share": .number($0.share)] }),
            ]
        }
    }

    /// - Returns: nil for a line of another kind.
    package init?(_ json: JSON) {
        switch json["event"].string {
        case "prepared":
            self = .prepared(
                Preparation(
                    rows: json["rows"].integer ?? 0, columns: json["columns"].integer ?? 0,
                    features: json["features"].integer ?? 0, metric: json["metric"].string ?? "",
                    isGreaterBetter: json["isGreaterBetter"].bool ?? true,
                    validation: json["validation"].string ?? "",
                    guardrails: (json["guardrails"].array ?? []).map(Guardrail.init),
                    columnSummary: json["columnSummary"],
                    unavailable: Dictionary(
                        (json["unavailable"].object?.pairs ?? []).map { ($0.key, $0.value.string ?? "") },
                        uniquingKeysWith: { $1 })))
        case "trialStarted": self = .trialStarted(Trial(json["trial"]))
        case "trialEnded":
            self = .trialEnded(
                Trial(json["trial"]),
                TrialResult(
                    status: json["status"].string.flatMap(TrialResult.Status.init) ?? .failed,
                    seconds: json["seconds"].number ?? 0, metrics: Self.numbers(json["metrics"]),
                    reason: json["reason"].string ?? ""))
        case "progress": self = .progress(json["share"].number ?? 0, best: json["best"].number)
        case "ended":
            self = .ended(
                Ending(
                    best: json["best"].integer, reason: json["reason"].string ?? "",
                    isFailure: json["isFailure"].bool ?? false, testMetrics: Self.numbers(json["testMetrics"]),
                    importance: (json["importance"].array ?? []).map {
                        .init(column: $0["column"].string ?? "", share: $0["share"].number ?? 0)
                    }))
        default: return nil
        }
    }

    private static func numbers(_ values: [String: Double]) -> JSON {
        .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }))
    }

    private static func numbers(_ json: JSON) -> [String: Double] {
        Dictionary(
            (json.object?.pairs ?? []).compactMap { pair in pair.value.number.map { (pair.key, $0) } },
            uniquingKeysWith: { $1 })
    }
}

extension ExperimentEvent.Trial {
    fileprivate var json: JSON {
        [
            "number": JSON(number), "algorithm": .string(algorithm), "preprocessor": .string(preprocessor),
            "parameters": parameters,
        ]
    }

    fileprivate init(_ json: JSON) {
        self.init(
            number: json["number"].integer ?? 0, algorithm: json["algorithm"].string ?? "",
            preprocessor: json["preprocessor"].string ?? "", parameters: json["parameters"])
    }
}

extension ExperimentEvent.Guardrail {
    package var json: JSON {
        ["name": .string(name), "status": .string(status.rawValue), "sentence": .string(sentence)]
    }

    fileprivate init(_ json: JSON) {
        self.init(
            name: json["name"].string ?? "", status: json["status"].string.flatMap(Status.init) ?? .passed,
            sentence: json["sentence"].string ?? "")
    }
}

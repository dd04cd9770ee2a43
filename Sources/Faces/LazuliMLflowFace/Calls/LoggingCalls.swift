import LazuliResources
import LazuliTracking

/// Calls that write to a run.
enum LoggingCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/runs/log-metric", .writeRuns, logMetric),
        MLflowRow("POST", "2.0/mlflow/runs/log-parameter", .writeRuns, logParam),
        MLflowRow("POST", "2.0/mlflow/runs/log-batch", .writeRuns, logBatch),
        MLflowRow("POST", "2.0/mlflow/runs/set-tag", .writeRuns, setTag),
        MLflowRow("POST", "2.0/mlflow/runs/delete-tag", .writeRuns, deleteTag),
        MLflowRow("POST", "2.0/mlflow/runs/log-inputs", .writeRuns, logInputs),
        MLflowRow("POST", "2.0/mlflow/runs/outputs", .writeRuns, logOutputs),
        MLflowRow("POST", "2.0/mlflow/runs/log-model", .writeRuns, logModel),
    ]

    private static func logMetric(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let runID = try fields.runID()
        let metric = Metric(
            key: try fields.requiredText("key"), value: try fields.requiredNumber("value"),
            timestamp: try fields.requiredInteger("timestamp"), step: try fields.integer("step") ?? 0,
            modelID: try fields.filledText("model_id"), datasetName: try fields.filledText("dataset_name"),
            datasetDigest: try fields.filledText("dataset_digest"), runID: runID)
        try await call.services.runs.log(metric, to: runID, in: call.scope)
        return .empty
    }

    private static func logParam(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.runID()
        let param = Entry(try call.fields.requiredText("key"), try call.fields.text("value") ?? "")
        try await call.services.runs.log(param, to: runID, in: call.scope)
        return .empty
    }

    private static func logBatch(_ call: MLflowCall) async throws -> MLflowReply {
        guard call.bodySize <= TrackingLimits.batchBytes else {
            throw TrackingFault.invalid(
                "Batched logging API requests must be at most \(TrackingLimits.batchBytes) bytes, got a request of "
                    + "size \(call.bodySize).")
        }
        let fields = call.fields
        let runID = try fields.requiredText("run_id")
        try await call.services.runs.logBatch(
            metrics: fields.metrics("metrics"), params: fields.entries("params"), tags: fields.entries("tags"),
            to: runID, in: call.scope)
        return .empty
    }

    private static func setTag(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.runID()
        let tag = Entry(try call.fields.requiredText("key"), try call.fields.text("value") ?? "")
        try await call.services.runs.setTag(tag, of: runID, in: call.scope)
        return .empty
    }

    private static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.runID()
        try await call.services.runs.deleteTag(call.fields.requiredText("key"), of: runID, in: call.scope)
        return .empty
    }

    private static func logInputs(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.requiredText("run_id")
        let datasets = try call.fields.list("datasets").enumerated().map { index, input in
            try datasetInput(input, at: "datasets[\(index)]")
        }
        let models = try call.fields.list("models").compactMap { $0["model_id"].string }
        try await call.services.runs.logInputs(datasets, models: models, to: runID, in: call.scope)
        return .empty
    }

    static func datasetInput(_ json: JSON, at path: String) throws -> DatasetInput {
        let dataset = json["dataset"]
        func required(_ name: String) throws -> String {
            guard let value = dataset[name].string else { throw Fields.missing("\(path).dataset.\(name)") }
            return value
        }
        let tags = (json["tags"].array ?? []).compactMap { tag in
            tag["key"].string.map { Entry($0, tag["value"].scalarText ?? "") }
        }
        return DatasetInput(
            dataset: Dataset(
                name: try required("name"), digest: try required("digest"), sourceType: try required("source_type"),
                source: try required("source"), schema: dataset["schema"].string, profile: dataset["profile"].string),
            tags: tags)
    }

    private static func logOutputs(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.requiredText("run_id")
        guard call.fields.has("models") else { throw Fields.missing("models") }
        let models = try call.fields.list("models").compactMap { model in
            model["model_id"].string.map { ModelOutput(modelID: $0, step: model["step"].wireInteger ?? 0) }
        }
        try await call.services.runs.logOutputs(models, of: runID, in: call.scope)
        return .empty
    }

    private static func logModel(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.requiredText("run_id")
        let text = try call.fields.requiredText("model_json")
        guard let model = try? JSON(parsing: text), model.object != nil else {
            throw TrackingFault.invalid("Malformed model info. \n \(text) \n is not a valid JSON.")
        }
        let missing = ["artifact_path", "flavors", "run_id", "utc_time_created"].filter { model.object?[$0] == nil }
        guard missing.isEmpty else {
            let list = missing.map(PythonText.repr).joined(separator: ", ")
            throw TrackingFault.invalid("Model json is missing mandatory fields: {\(list)}")
        }
        try await call.services.runs.recordModel(model, of: runID, in: call.scope)
        return .empty
    }
}

extension Fields {
    /// A text, with the empty one counting as absent.
    func filledText(_ name: String) throws -> String? {
        try text(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A list of metric points.
    func metrics(_ name: String) throws -> [Metric] {
        let list = try list(name)
        var metrics: [Metric] = []
        metrics.reserveCapacity(list.count)
        for (index, json) in list.enumerated() {
            guard let members = json.object else { throw Self.wrongType(name, self[name]) }
            metrics.append(try Fields(members).metric(at: "\(name)[\(index)]"))
        }
        return metrics
    }

    /// A point's four usual members are looked up once each, and the others only where there are more.
    private func metric(at path: @autoclosure () -> String) throws -> Metric {
        let value = self["value"], time = self["timestamp"], step = self["step"]
        guard let key = self["key"].string, !key.isEmpty else { throw Self.missing("\(path()).key") }
        guard !value.isNull else { throw Self.missing("\(path()).value") }
        guard !time.isNull else { throw Self.missing("\(path()).timestamp") }
        guard let number = value.wireNumber else { throw Self.wrongType("\(path()).value", value) }
        guard let timestamp = time.wireInteger else { throw Self.wrongType("\(path()).timestamp", time) }
        guard step.isNull || step.wireInteger != nil else { throw Self.wrongType("\(path()).step", step) }
        var metric = Metric(key: key, value: number, timestamp: timestamp, step: step.wireInteger ?? 0)
        guard count > 4 else { return metric }
        metric.modelID = try filledText("model_id")
        metric.datasetName = try filledText("dataset_name")
        metric.datasetDigest = try filledText("dataset_digest")
        return metric
    }
}

import LazuliMLflowStores
import LazuliResources

/// Stored values from the answers of MLflow's REST API.
extension JSON {
    /// A number, or a string that is one, as protobuf's JSON has it.
    var wireInteger: Int64 {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value.rounded(.towardZero)) ?? 0
        case .string(let text): Int64(text) ?? 0
        default: 0
        }
    }

    /// `NaN` and `Infinity` travel as strings.
    var wireNumber: Double {
        switch self {
        case .string(let text): Double(text) ?? .nan
        default: number ?? .nan
        }
    }

    fileprivate var time: Int64? { isNull ? nil : wireInteger }
    fileprivate var filled: String? { string.flatMap { $0.isEmpty ? nil : $0 } }

    fileprivate var entries: [StoredEntry] {
        (array ?? []).map { StoredEntry($0["key"].string ?? "", $0["value"].scalarText ?? "") }
    }

    fileprivate var isDeleted: Bool { self["lifecycle_stage"].string == "deleted" }
}

extension StoredExperiment {
    init(_ json: JSON) {
        self.init(
            id: json["experiment_id"].string ?? "", name: json["name"].string ?? "",
            artifactLocation: json["artifact_location"].string ?? "")
        isDeleted = json.isDeleted
        createdAt = json["creation_time"].wireInteger
        updatedAt = json["last_update_time"].wireInteger
        tags = json["tags"].entries
    }
}

extension StoredRun {
    /// Without its metrics' histories.
    init(_ json: JSON, artifacts: ArtifactOrigin) {
        let info = json["info"], data = json["data"]
        self.init(
            id: info["run_id"].string ?? info["run_uuid"].string ?? "",
            experimentID: info["experiment_id"].string ?? "", artifacts: artifacts)
        name = info["run_name"].string ?? ""
        user = info["user_id"].string ?? ""
        status = info["status"].string ?? "RUNNING"
        isDeleted = info.isDeleted
        startTime = info["start_time"].time
        endTime = info["end_time"].time
        artifactURI = info["artifact_uri"].string ?? ""
        params = data["params"].entries
        tags = data["tags"].entries
        datasets = (json["inputs"]["dataset_inputs"].array ?? []).map(StoredDataset.init)
        modelInputs = (json["inputs"]["model_inputs"].array ?? []).compactMap { $0["model_id"].string }
        modelOutputs = (json["outputs"]["model_outputs"].array ?? []).compactMap { output in
            output["model_id"].string.map { ($0, output["step"].wireInteger) }
        }
    }
}

extension StoredDataset {
    init(_ json: JSON) {
        let dataset = json["dataset"]
        self.init(
            name: dataset["name"].string ?? "", digest: dataset["digest"].string ?? "",
            sourceType: dataset["source_type"].string ?? "", source: dataset["source"].string ?? "",
            schema: dataset["schema"].string, profile: dataset["profile"].string, tags: json["tags"].entries)
    }
}

extension StoredModel {
    private static let statuses = ["LOGGED_MODEL_PENDING": 1, "LOGGED_MODEL_READY": 2, "LOGGED_MODEL_UPLOAD_FAILED": 3]

    init(_ json: JSON, artifacts: ArtifactOrigin) {
        let info = json["info"], data = json["data"]
        self.init(
            id: info["model_id"].string ?? "", experimentID: info["experiment_id"].string ?? "",
            name: info["name"].string ?? "", artifacts: artifacts)
        status = info["status"].string.flatMap { Self.statuses[$0] }.map(Int64.init) ?? info["status"].wireInteger
        statusMessage = info["status_message"].filled
        modelType = info["model_type"].filled
        sourceRunID = info["source_run_id"].filled
        createdAt = info["creation_timestamp_ms"].wireInteger
        updatedAt = info["last_updated_timestamp_ms"].wireInteger
        artifactURI = info["artifact_uri"].string ?? ""
        params = data["params"].entries
        tags = info["tags"].entries
        metrics = (data["metrics"].array ?? []).map { point in
            StoredModelMetric(
                key: point["key"].string ?? "", value: point["value"].wireNumber,
                timestamp: point["timestamp"].wireInteger, step: point["step"].wireInteger,
                runID: point["run_id"].string ?? "", datasetName: point["dataset_name"].filled,
                datasetDigest: point["dataset_digest"].filled)
        }
    }
}

extension StoredRegisteredModel {
    /// Without its versions.
    init(_ json: JSON) {
        self.init(name: json["name"].string ?? "")
        description = json["description"].filled
        createdAt = json["creation_timestamp"].wireInteger
        updatedAt = json["last_updated_timestamp"].wireInteger
        tags = json["tags"].entries
        aliases = (json["aliases"].array ?? []).map { StoredAlias($0["alias"].string ?? "", $0["version"].wireInteger) }
    }
}

extension StoredVersion {
    init(_ json: JSON) {
        self.init(version: json["version"].wireInteger)
        createdAt = json["creation_timestamp"].wireInteger
        updatedAt = json["last_updated_timestamp"].wireInteger
        description = json["description"].filled
        user = json["user_id"].filled
        stage = json["current_stage"].string ?? "None"
        source = json["source"].string ?? ""
        runID = json["run_id"].filled
        runLink = json["run_link"].filled
        modelID = json["model_id"].filled
        tags = json["tags"].entries
    }
}

import LazuliResources
import LazuliTracking

/// How imported values look on the wire: MLflow's own members where it has them.
extension Fields {
    /// A list of objects.
    func objects(_ name: String) throws -> [Fields] {
        try list(name).map { value in
            guard let members = value.object else { throw Self.wrongType(name, value) }
            return Fields(members)
        }
    }

    private var isDeleted: Bool { self["lifecycle_stage"].string == "deleted" }

    func importedExperiment() throws -> ImportedExperiment {
        let created = try integer("creation_time") ?? 0
        return ImportedExperiment(
            id: try requiredText("experiment_id"), name: try requiredText("name"),
            artifactLocation: try filledText("artifact_location"), isDeleted: isDeleted, createdAt: created,
            updatedAt: try integer("last_update_time") ?? created, tags: try entries("tags"))
    }

    func importedRun() throws -> ImportedRun {
        let runID = try requiredText("run_id"), uri = try filledText("artifact_uri")
        let info = RunInfo(
            runID: runID, experiment: try requiredInteger("experiment_id"), name: try text("run_name") ?? "",
            user: try text("user_id") ?? "", status: try runStatus("status") ?? "FINISHED", isDeleted: isDeleted,
            startTime: try integer("start_time"), endTime: try integer("end_time"), artifactURI: uri ?? "")
        return ImportedRun(
            info: info, artifactURI: uri, deletedAt: try integer("deleted_time"), params: try entries("params"),
            tags: try entries("tags"), metrics: try objects("metrics").flatMap { try $0.series() },
            datasets: try list("datasets").enumerated().map { index, input in
                try LoggingCalls.datasetInput(input, at: "datasets[\(index)]")
            },
            modelInputs: try texts("model_inputs"),
            modelOutputs: try objects("model_outputs").map {
                ModelOutput(modelID: try $0.requiredText("model_id"), step: try $0.integer("step") ?? 0)
            })
    }

    /// The history of one metric: three lists of one length.
    private func series() throws -> [Metric] {
        let key = try requiredText("key")
        let values = try list("values"), timestamps = try list("timestamps"), steps = try list("steps")
        guard values.count == timestamps.count, values.count == steps.count else {
            throw TrackingFault.invalid("The lists of metric '\(key)' differ in length.", target: "metrics")
        }
        return try values.indices.map { index in
            guard let value = values[index].wireNumber, let timestamp = timestamps[index].wireInteger,
                let step = steps[index].wireInteger
            else {
                throw TrackingFault.invalid("Point \(index) of metric '\(key)' is not all numbers.", target: "metrics")
            }
            return Metric(key: key, value: value, timestamp: timestamp, step: step)
        }
    }

    func importedLoggedModel() throws -> ImportedLoggedModel {
        let modelID = try requiredText("model_id"), created = try integer("creation_timestamp_ms") ?? 0
        let uri = try filledText("artifact_uri")
        let model = LoggedModel(
            modelID: modelID, experiment: try requiredInteger("experiment_id"), name: try requiredText("name"),
            status: LoggedModelStatus(rawValue: try integer("status") ?? 0) ?? .unspecified,
            statusMessage: try filledText("status_message"), modelType: try filledText("model_type"),
            sourceRunID: try filledText("source_run_id"), artifactURI: uri ?? "", isDeleted: isDeleted,
            createdAt: created, updatedAt: try integer("last_updated_timestamp_ms") ?? created,
            params: try entries("params"), tags: try entries("tags"))
        let metrics = try objects("metrics").map { point in
            Metric(
                key: try point.requiredText("key"), value: try point.requiredNumber("value"),
                timestamp: try point.integer("timestamp") ?? 0, step: try point.integer("step") ?? 0,
                modelID: modelID, datasetName: try point.filledText("dataset_name"),
                datasetDigest: try point.filledText("dataset_digest"), runID: try point.text("run_id"))
        }
        return ImportedLoggedModel(model: model, artifactURI: uri, metrics: metrics)
    }

    func importedRegisteredModel() throws -> ImportedRegisteredModel {
        let name = try requiredText("name"), created = try integer("creation_timestamp") ?? 0
        return ImportedRegisteredModel(
            name: name, description: try filledText("description"), createdAt: created,
            updatedAt: try integer("last_updated_timestamp") ?? created, tags: try entries("tags"),
            aliases: try objects("aliases").map {
                (alias: try $0.requiredText("alias"), version: try $0.requiredInteger("version"))
            },
            versions: try objects("versions").map { try $0.importedVersion(of: name) })
    }

    private func importedVersion(of name: String) throws -> ImportedRegisteredModel.Version {
        let created = try integer("creation_timestamp") ?? 0
        return ImportedRegisteredModel.Version(
            version: try requiredInteger("version"), createdAt: created,
            updatedAt: try integer("last_updated_timestamp") ?? created, stage: try text("current_stage") ?? "",
            draft: RegistryService.VersionDraft(
                name: name, source: try text("source") ?? "", runID: try filledText("run_id"),
                runLink: try filledText("run_link"), modelID: try filledText("model_id"),
                description: try filledText("description"), tags: try entries("tags"),
                user: try text("user_id") ?? ""))
    }
}

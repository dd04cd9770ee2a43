import LazuliMLflowStores
import LazuliResources

/// Stored values in the form of the import calls: MLflow's own members where it has them.
enum ImportJSON {
    static func experiment(_ value: StoredExperiment) -> JSON {
        .object(dropping: [
            ("experiment_id", .string(value.id)), ("name", .string(value.name)),
            ("artifact_location", filled(value.artifactLocation)), ("lifecycle_stage", stage(value.isDeleted)),
            ("creation_time", .integer(value.createdAt)), ("last_update_time", .integer(value.updatedAt)),
            ("tags", entries(value.tags)),
        ])
    }

    static func run(_ value: StoredRun) -> JSON {
        .object(dropping: [
            ("run_id", .string(value.id)), ("experiment_id", .string(value.experimentID)),
            ("run_name", .string(value.name)), ("user_id", .string(value.user)), ("status", .string(value.status)),
            ("start_time", value.startTime.map(JSON.integer)), ("end_time", value.endTime.map(JSON.integer)),
            ("lifecycle_stage", stage(value.isDeleted)), ("deleted_time", value.deletedAt.map(JSON.integer)),
            ("artifact_uri", filled(value.artifactURI)), ("params", entries(value.params)),
            ("tags", entries(value.tags)), ("metrics", .array(value.metrics.map(series))),
            ("datasets", .array(value.datasets.map(dataset))),
            ("model_inputs", .array(value.modelInputs.map(JSON.string))),
            (
                "model_outputs",
                .array(value.modelOutputs.map { ["model_id": .string($0.id), "step": .integer($0.step)] })
            ),
        ])
    }

    private static func series(_ value: StoredSeries) -> JSON {
        [
            "key": .string(value.key), "values": .array(value.values.map(JSON.number)),
            "timestamps": .array(value.timestamps.map(JSON.integer)), "steps": .array(value.steps.map(JSON.integer)),
        ]
    }

    private static func dataset(_ value: StoredDataset) -> JSON {
        [
            "dataset": .object(dropping: [
                ("name", .string(value.name)), ("digest", .string(value.digest)),
                ("source_type", .string(value.sourceType)), ("source", .string(value.source)),
                ("schema", value.schema.map(JSON.string)), ("profile", value.profile.map(JSON.string)),
            ]),
            "tags": entries(value.tags),
        ]
    }

    static func model(_ value: StoredModel) -> JSON {
        .object(dropping: [
            ("model_id", .string(value.id)), ("experiment_id", .string(value.experimentID)),
            ("name", .string(value.name)), ("status", .integer(value.status)),
            ("status_message", value.statusMessage.map(JSON.string)), ("model_type", value.modelType.map(JSON.string)),
            ("source_run_id", value.sourceRunID.map(JSON.string)), ("lifecycle_stage", stage(value.isDeleted)),
            ("creation_timestamp_ms", .integer(value.createdAt)),
            ("last_updated_timestamp_ms", .integer(value.updatedAt)), ("artifact_uri", filled(value.artifactURI)),
            ("params", entries(value.params)), ("tags", entries(value.tags)),
            ("metrics", .array(value.metrics.map(modelMetric))),
        ])
    }

    private static func modelMetric(_ value: StoredModelMetric) -> JSON {
        .object(dropping: [
            ("key", .string(value.key)), ("value", .number(value.value)), ("timestamp", .integer(value.timestamp)),
            ("step", .integer(value.step)), ("run_id", .string(value.runID)),
            ("dataset_name", value.datasetName.map(JSON.string)),
            ("dataset_digest", value.datasetDigest.map(JSON.string)),
        ])
    }

    static func registeredModel(_ value: StoredRegisteredModel) -> JSON {
        .object(dropping: [
            ("name", .string(value.name)), ("description", value.description.map(JSON.string)),
            ("creation_timestamp", .integer(value.createdAt)), ("last_updated_timestamp", .integer(value.updatedAt)),
            ("tags", entries(value.tags)),
            ("aliases", .array(value.aliases.map { ["alias": .string($0.alias), "version": .integer($0.version)] })),
            ("versions", .array(value.versions.map(version))),
        ])
    }

    private static func version(_ value: StoredVersion) -> JSON {
        .object(dropping: [
            ("version", .integer(value.version)), ("creation_timestamp", .integer(value.createdAt)),
            ("last_updated_timestamp", .integer(value.updatedAt)),
            ("description", value.description.map(JSON.string)), ("user_id", value.user.map(JSON.string)),
            ("current_stage", .string(value.stage)), ("source", .string(value.source)),
            ("run_id", value.runID.map(JSON.string)), ("run_link", value.runLink.map(JSON.string)),
            ("model_id", value.modelID.map(JSON.string)), ("tags", entries(value.tags)),
        ])
    }

    static func entries(_ entries: [StoredEntry]) -> JSON {
        .array(entries.map { ["key": .string($0.key), "value": .string($0.value)] })
    }

    private static func filled(_ text: String) -> JSON? { text.isEmpty ? nil : .string(text) }
    private static func stage(_ isDeleted: Bool) -> JSON { isDeleted ? "deleted" : "active" }
}

import LazuliTracking

/// How MLflow's values look on the wire. Empty lists and absent values are left out.
extension JSONText {
    mutating func entries(_ key: StaticString, _ entries: [Entry]) {
        field(key, list: entries) { text, entry in
            text.object {
                $0.field("key", entry.key)
                $0.field("value", entry.value)
            }
        }
    }

    mutating func members(of experiment: Experiment) {
        field("experiment_id", experiment.id)
        field("name", experiment.name)
        field("artifact_location", experiment.artifactLocation)
        field("lifecycle_stage", Self.stage(experiment.isDeleted))
        field("last_update_time", experiment.updatedAt)
        field("creation_time", experiment.createdAt)
        entries("tags", experiment.tags)
    }

    static func stage(_ isDeleted: Bool) -> String { isDeleted ? "deleted" : "active" }

    mutating func members(of info: RunInfo) {
        field("run_uuid", info.runID)
        field("experiment_id", String(info.experiment))
        field("run_name", info.name)
        field("user_id", info.user)
        field("status", info.status)
        field("start_time", info.startTime)
        field("end_time", info.endTime)
        field("artifact_uri", info.artifactURI)
        field("lifecycle_stage", Self.stage(info.isDeleted))
        field("run_id", info.runID)
    }

    mutating func members(of run: Run) {
        let data = run.data
        field("info") { $0.members(of: run.info) }
        field("data") { text in
            text.field("metrics", list: data.metrics) { text, metric in
                text.object { $0.members(of: metric.point, key: JSONText.Quoted(metric.key)) }
            }
            text.entries("params", data.params)
            text.entries("tags", data.tags)
        }
        field("inputs") { text in
            text.field("dataset_inputs", list: data.datasets) { text, input in text.object { $0.members(of: input) } }
            text.field("model_inputs", list: data.modelInputs) { text, id in text.object { $0.field("model_id", id) } }
        }
        if !data.modelOutputs.isEmpty {
            field("outputs") { text in
                text.field("model_outputs", list: data.modelOutputs) { text, output in
                    text.object {
                        $0.field("model_id", output.modelID)
                        $0.field("step", output.step)
                    }
                }
            }
        }
    }

    mutating func members(of point: MetricPoint, key: JSONText.Quoted) {
        field("key", key)
        field("value", number: point.value)
        field("timestamp", point.timestamp)
        field("step", point.step)
    }

    private mutating func members(of input: DatasetInput) {
        entries("tags", input.tags)
        field("dataset") { text in
            text.field("name", input.dataset.name)
            text.field("digest", input.dataset.digest)
            text.field("source_type", input.dataset.sourceType)
            text.field("source", input.dataset.source)
            text.field("schema", input.dataset.schema)
            text.field("profile", input.dataset.profile)
        }
    }

    mutating func members(of model: LoggedModel) {
        field("info") { text in
            text.field("model_id", model.modelID)
            text.field("experiment_id", String(model.experiment))
            text.field("name", model.name)
            text.field("creation_timestamp_ms", model.createdAt)
            text.field("last_updated_timestamp_ms", model.updatedAt)
            text.field("artifact_uri", model.artifactURI)
            text.field("status", model.status.wireName)
            text.field("model_type", model.modelType)
            text.field("source_run_id", model.sourceRunID)
            text.field("status_message", model.statusMessage)
            text.entries("tags", model.tags)
        }
        field("data") { text in
            text.entries("params", model.params)
            text.field("metrics", list: model.metrics) { text, metric in
                text.object {
                    $0.members(of: metric.point, key: JSONText.Quoted(metric.key))
                    $0.field("model_id", model.modelID)
                    $0.field("run_id", metric.runID)
                    $0.field("dataset_name", metric.datasetName)
                    $0.field("dataset_digest", metric.datasetDigest)
                }
            }
        }
    }
}

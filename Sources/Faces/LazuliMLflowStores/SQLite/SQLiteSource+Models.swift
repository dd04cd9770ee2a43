import GRDB

/// Logged models and the registry of an SQLite file.
extension SQLiteSource {
    public func loggedModels(of experiment: StoredExperiment, _ take: (StoredModel) async throws -> Void) async throws {
        for model in try await queue.read({ try loggedModels(of: experiment, $0) }) { try await take(model) }
    }

    private func loggedModels(of experiment: StoredExperiment, _ database: Database) throws -> [StoredModel] {
        let condition = "experiment_id = ?", arguments: StatementArguments = [Int64(experiment.id)]
        let params = try entries(
            "logged_model_params", id: "model_id", key: "param_key", value: "param_value", condition, arguments,
            database)
        let tags = try entries(
            "logged_model_tags", id: "model_id", key: "tag_key", value: "tag_value", condition, arguments, database)
        let metrics = try metrics(condition, arguments, database)
        let columns = [
            "model_id", "name", "artifact_location", "creation_timestamp_ms", "last_updated_timestamp_ms", "status",
            "lifecycle_stage", "model_type", "source_run_id", "status_message",
        ]
        var models: [StoredModel] = []
        let rows = try rows(
            columns, of: "logged_models", condition + " ORDER BY creation_timestamp_ms, model_id", arguments, database)
        while let row = try rows?.next() {
            var model = self.model(row, experiment)
            model.params = params[model.id] ?? []
            model.tags = tags[model.id] ?? []
            model.metrics = metrics[model.id] ?? []
            models.append(model)
        }
        return models
    }

    private func model(_ row: Row, _ experiment: StoredExperiment) -> StoredModel {
        let id: String = row[0], uri: String = row[2] ?? "", stage: String? = row[6]
        var model = StoredModel(
            id: id, experimentID: experiment.id, name: row[1] ?? id,
            artifacts: local.origin(of: uri, tail: "\(experiment.id)/models/\(id)/artifacts"))
        model.artifactURI = uri
        model.createdAt = row[3] ?? 0
        model.updatedAt = row[4] ?? model.createdAt
        model.status = row[5] ?? 0
        model.isDeleted = stage == "deleted"
        model.modelType = row[7]
        model.sourceRunID = row[8]
        model.statusMessage = row[9]
        return model
    }

    private func metrics(
        _ condition: String, _ arguments: StatementArguments, _ database: Database
    ) throws -> [String: [StoredModelMetric]] {
        var found: [String: [StoredModelMetric]] = [:]
        let columns = [
            "model_id", "metric_name", "metric_value", "metric_timestamp_ms", "metric_step", "run_id", "dataset_name",
            "dataset_digest",
        ]
        let rows = try rows(columns, of: "logged_model_metrics", condition, arguments, database)
        while let row = try rows?.next() {
            let model: String = row[0], value: Double? = row[2]
            found[model, default: []].append(
                StoredModelMetric(
                    key: row[1], value: value ?? .nan, timestamp: row[3], step: row[4], runID: row[5],
                    datasetName: row[6], datasetDigest: row[7]))
        }
        return found
    }

    // MARK: Registry

    public func registeredModels() async throws -> [StoredRegisteredModel] {
        try await queue.read { database in
            let tags = try entries(
                "registered_model_tags", id: "name", key: "key", value: "value",
                ownWorkspace("registered_model_tags"), [], database)
            let aliases = try aliases(database), versions = try versions(database)
            var models: [StoredRegisteredModel] = []
            let rows = try rows(
                ["name", "description", "creation_time", "last_updated_time"], of: "registered_models",
                ownWorkspace("registered_models") + " ORDER BY name", [], database)
            while let row = try rows?.next() {
                var model = StoredRegisteredModel(name: row[0])
                model.description = row[1]
                model.createdAt = row[2] ?? 0
                model.updatedAt = row[3] ?? model.createdAt
                model.tags = tags[model.name] ?? []
                model.aliases = aliases[model.name] ?? []
                model.versions = versions[model.name] ?? []
                models.append(model)
            }
            return models
        }
    }

    private func aliases(_ database: Database) throws -> [String: [StoredAlias]] {
        var found: [String: [StoredAlias]] = [:]
        let table = "registered_model_aliases"
        let rows = try rows(["name", "alias", "version"], of: table, ownWorkspace(table), [], database)
        while let row = try rows?.next() {
            let name: String = row[0]
            found[name, default: []].append(StoredAlias(row[1], row[2]))
        }
        return found
    }

    private func versions(_ database: Database) throws -> [String: [StoredVersion]] {
        let tags = try versionTags(database)
        let columns = [
            "name", "version", "creation_time", "last_updated_time", "description", "user_id", "current_stage",
            "source", "run_id", "run_link", "storage_location",
        ]
        var found: [String: [StoredVersion]] = [:]
        // A version in the stage below was deleted; MLflow keeps its row, with its words struck out.
        let living = "current_stage IS NOT 'Deleted_Internal' ORDER BY version"
        let rows = try rows(
            columns, of: "model_versions", ownWorkspace("model_versions") + " AND " + living, [], database)
        while let row = try rows?.next() {
            let name: String = row[0]
            var version = StoredVersion(version: row[1])
            version.createdAt = row[2] ?? 0
            version.updatedAt = row[3] ?? version.createdAt
            version.description = row[4]
            version.user = row[5]
            version.stage = row[6] ?? "None"
            version.source = row[7] ?? ""
            version.runID = row[8]
            version.runLink = row[9]
            version.storageLocation = row[10]
            version.modelID = Self.modelID(inSource: version.source)
            version.tags = tags["\(name)/\(version.version)"] ?? []
            found[name, default: []].append(version)
        }
        return found
    }

    /// `models:/m-…` names a logged model.
    static func modelID(inSource source: String) -> String? {
        guard source.hasPrefix("models:/m-") else { return nil }
        let id = source.dropFirst("models:/".count)
        return id.contains("/") || id.contains("@") ? nil : String(id)
    }

    private func versionTags(_ database: Database) throws -> [String: [StoredEntry]] {
        var found: [String: [StoredEntry]] = [:]
        let table = "model_version_tags"
        let rows = try rows(["name", "version", "key", "value"], of: table, ownWorkspace(table), [], database)
        while let row = try rows?.next() {
            let name: String = row[0], version: Int64 = row[1]
            found["\(name)/\(version)", default: []].append(StoredEntry(row[2], row[3] ?? ""))
        }
        return found
    }
}

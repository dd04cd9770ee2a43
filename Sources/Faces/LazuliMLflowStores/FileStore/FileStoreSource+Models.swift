import Foundation
import LazuliResources

/// Logged models and the registry of an `mlruns` folder.
extension FileStoreSource {
    public func loggedModels(of experiment: StoredExperiment, _ take: (StoredModel) async throws -> Void) async throws {
        let folder = folder(of: experiment) + "/models"
        for name in FolderReader.folders(folder) {
            let model = noting("logged model \(name)") { try loggedModel("\(folder)/\(name)", name, experiment) }
            if let model { try await take(model) }
        }
    }

    private func loggedModel(_ folder: String, _ id: String, _ experiment: StoredExperiment) throws -> StoredModel {
        let meta = try MetaFile(path: folder + "/meta.yaml")
        let uri = meta.text("artifact_location") ?? ""
        var model = StoredModel(
            id: meta.text("model_id") ?? id, experimentID: experiment.id, name: meta.text("name") ?? id,
            artifacts: origin(
                of: uri, tail: "\(experiment.id)/models/\(id)/artifacts", beside: folder + "/artifacts"))
        model.artifactURI = uri
        model.status = meta.integer("status") ?? 0
        model.statusMessage = meta.text("status_message")
        model.modelType = meta.text("model_type")
        model.sourceRunID = meta.text("source_run_id")
        model.isDeleted = meta.text("lifecycle_stage") == "deleted"
        model.createdAt = meta.integer("creation_timestamp") ?? 0
        model.updatedAt = meta.integer("last_updated_timestamp") ?? model.createdAt
        model.params = entries(folder + "/params")
        model.tags = entries(folder + "/tags")
        for key in FolderReader.files(folder + "/metrics") {
            let file = "\(folder)/metrics/\(key)"
            let (metrics, bad) = MetricLines.modelMetrics(FolderReader.bytes(file) ?? [], key: key)
            note(bad, file, "logged model \(id)")
            model.metrics += metrics
        }
        return model
    }

    public func registeredModels() -> [StoredRegisteredModel] {
        let folder = "\(root)/\(Self.registry)"
        return FolderReader.folders(folder).compactMap { name in
            noting("registered model \(name)") { try registeredModel("\(folder)/\(name)", name) }
        }
    }

    private func registeredModel(_ folder: String, _ name: String) throws -> StoredRegisteredModel {
        let meta = try MetaFile(path: folder + "/meta.yaml")
        var model = StoredRegisteredModel(name: meta.text("name") ?? name)
        model.description = meta.text("description")
        model.createdAt = meta.integer("creation_timestamp") ?? 0
        model.updatedAt = meta.integer("last_updated_timestamp") ?? model.createdAt
        model.tags = entries(folder + "/tags")
        model.aliases = entries(folder + "/aliases").compactMap { entry in
            let text = entry.value.trimmingCharacters(in: .whitespacesAndNewlines)
            return Int64(text).map { StoredAlias(entry.key, $0) }
        }
        model.versions = FolderReader.folders(folder).filter { $0.hasPrefix("version-") }.compactMap { version in
            noting("registered model \(name), \(version)") { try self.version("\(folder)/\(version)", version) }
        }.sorted { $0.version < $1.version }
        return model
    }

    private func version(_ folder: String, _ name: String) throws -> StoredVersion {
        let meta = try MetaFile(path: folder + "/meta.yaml")
        guard let number = meta.integer("version") ?? Int64(name.dropFirst("version-".count)) else {
            throw ServiceError(.invalidArgument, "\(folder)/meta.yaml has no version number.")
        }
        var version = StoredVersion(version: number)
        version.createdAt = meta.integer("creation_timestamp") ?? 0
        version.updatedAt = meta.integer("last_updated_timestamp") ?? version.createdAt
        version.description = meta.text("description")
        version.user = meta.text("user_id")
        version.stage = meta.text("current_stage") ?? "None"
        version.source = meta.text("source") ?? ""
        version.storageLocation = meta.text("storage_location")
        version.runID = meta.text("run_id")
        version.runLink = meta.text("run_link")
        version.modelID = meta.text("model_id")
        version.tags = entries(folder + "/tags")
        return version
    }
}

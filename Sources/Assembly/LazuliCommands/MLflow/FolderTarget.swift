import Foundation
import LazuliMLflowStores
import LazuliResources

/// An `mlruns` folder, written as MLflow's own file store reads it.
///
/// The `meta.yaml` of a thing is written last: what has none was cut short, and is written again.
struct FolderTarget: TrackingTarget {
    let root: String
    private let existing: FileStoreSource?

    var title: String { root }

    /// - Parameter root: made if it does not exist.
    init(root: String, faults: FaultLog) throws {
        self.root = root
        let isNew = (try? FileManager.default.contentsOfDirectory(atPath: root).isEmpty) ?? true
        existing = isNew ? nil : try FileStoreSource(root: root, artifacts: nil, faults: faults)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    // MARK: Experiments

    func add(_ experiments: [StoredExperiment]) async throws -> [TransferOutcome] {
        let there = existing?.experiments() ?? []
        var ids = Dictionary(there.map { ($0.name, $0.id) }) { first, _ in first }
        return experiments.map { experiment in
            if let id = ids[experiment.name] {
                return TransferOutcome(experiment.id, .present, experiment: folderName(id))
            }
            let taken = Set(ids.values)
            let isTaken = taken.contains(experiment.id)
            let id = isTaken ? String((taken.compactMap { Int64($0) }.max() ?? 0) + 1) : experiment.id
            ids[experiment.name] = id
            do {
                try write(experiment, id: id)
            } catch {
                return TransferOutcome(experiment.id, .failed, "\(error.localizedDescription)")
            }
            let note = "The id \(experiment.id) is taken in \(root); \"\(experiment.name)\" has the id \(id) there."
            return TransferOutcome(experiment.id, .created, isTaken ? note : nil, experiment: folderName(id))
        }
    }

    private func write(_ experiment: StoredExperiment, id: String) throws {
        let folder = experiment.isDeleted ? ".trash/\(id)" : id
        let location =
            experiment.artifactLocation.isEmpty ? fileAddress("\(root)/\(id)") : experiment.artifactLocation
        try write(experiment.tags, to: "\(root)/\(folder)/tags")
        try FolderText.write(
            FolderText.meta([
                ("artifact_location", .string(location)), ("creation_time", .integer(experiment.createdAt)),
                ("experiment_id", .string(id)), ("last_update_time", .integer(experiment.updatedAt)),
                ("lifecycle_stage", stage(experiment.isDeleted)), ("name", .string(experiment.name)),
            ]), to: "\(root)/\(folder)/meta.yaml")
        try FileManager.default.createDirectory(atPath: "\(root)/.trash", withIntermediateDirectories: true)
    }

    /// An experiment's folder below the root: a deleted one lies in the trash.
    private func folderName(_ id: String) -> String {
        FileManager.default.fileExists(atPath: "\(root)/.trash/\(id)") ? ".trash/\(id)" : id
    }

    private func experimentID(_ folder: String) -> String { (folder as NSString).lastPathComponent }

    // MARK: Runs

    func add(_ runs: [StoredRun]) async throws -> [TransferOutcome] {
        runs.map { run in
            adding(run.id, "\(root)/\(run.experimentID)/\(run.id)") { try write(run, to: $0) }
        }
    }

    /// Writes a thing whose folder has no `meta.yaml` yet.
    private func adding(_ id: String, _ folder: String, _ write: (String) throws -> Void) -> TransferOutcome {
        if FileManager.default.fileExists(atPath: folder + "/meta.yaml") { return TransferOutcome(id, .present) }
        do {
            try write(folder)
            return TransferOutcome(id, .created)
        } catch let error as ServiceError {
            return TransferOutcome(id, .failed, error.message)
        } catch {
            return TransferOutcome(id, .failed, error.localizedDescription)
        }
    }

    private func write(_ run: StoredRun, to folder: String) throws {
        let id = experimentID(run.experimentID)
        for part in ["metrics", "params", "tags", "artifacts"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        try write(run.params, to: folder + "/params")
        try write(run.tags, to: folder + "/tags")
        for series in run.metrics {
            let lines = series.values.indices.map {
                "\(series.timestamps[$0]) \(series.values[$0]) \(series.steps[$0])\n"
            }
            try FolderText.write(lines.joined(), to: FolderText.path(folder + "/metrics", series.key))
        }
        try writeInputs(of: run, to: folder)
        let uri = run.artifactURI.isEmpty ? fileAddress("\(root)/\(id)/\(run.id)/artifacts") : run.artifactURI
        try FolderText.write(
            FolderText.meta([
                ("artifact_uri", .string(uri)),
                (
                    "deleted_time",
                    run.isDeleted ? (run.deletedAt ?? run.endTime ?? run.startTime).map(JSON.integer) ?? 0 : .null
                ),
                ("end_time", run.endTime.map(JSON.integer) ?? .null), ("entry_point_name", ""),
                ("experiment_id", .string(id)), ("lifecycle_stage", stage(run.isDeleted)), ("run_id", .string(run.id)),
                ("run_name", .string(run.name)), ("source_name", ""), ("source_type", 4), ("source_version", ""),
                ("start_time", run.startTime.map(JSON.integer) ?? .null), ("status", JSON(Self.number(of: run.status))),
                ("tags", []), ("user_id", .string(run.user)),
            ]), to: folder + "/meta.yaml")
    }

    /// The file store writes statuses by number.
    private static func number(of status: String) -> Int {
        (["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"].firstIndex(of: status) ?? 0) + 1
    }

    private func writeInputs(of run: StoredRun, to folder: String) throws {
        for dataset in run.datasets {
            let id = FolderText.fingerprint(dataset.name + dataset.digest)
            try FolderText.write(
                FolderText.meta([
                    ("digest", .string(dataset.digest)), ("name", .string(dataset.name)),
                    ("profile", JSON(dataset.profile)), ("schema", JSON(dataset.schema)),
                    ("source", .string(dataset.source)), ("source_type", .string(dataset.sourceType)),
                ]), to: "\(root)/\(run.experimentID)/datasets/\(id)/meta.yaml")
            let tags = JSON.object(JSONObject(dataset.tags.map { ($0.key, .string($0.value)) }))
            try link("inputs", FolderText.fingerprint(id + run.id), folder, ["DATASET", "RUN"], id, [("tags", tags)])
        }
        for model in run.modelInputs {
            try link(
                "inputs", FolderText.fingerprint(model + run.id), folder, ["MODEL", "RUN"], model, [("tags", [:])])
        }
        for model in run.modelOutputs {
            try link(
                "outputs", model.id, folder, ["RUN_OUTPUT", "MODEL_OUTPUT"], model.id,
                [("tags", [:]), ("step", .integer(model.step))])
        }
    }

    private func link(
        _ kind: String, _ name: String, _ folder: String, _ types: [String], _ id: String, _ rest: [(String, JSON)]
    ) throws {
        try FolderText.write(
            FolderText.meta(
                [
                    ("destination_id", .string(id)), ("destination_type", .string(types[1])),
                    ("source_id", .string(id)), ("source_type", .string(types[0])),
                ] + rest), to: "\(folder)/\(kind)/\(name)/meta.yaml")
    }

    // MARK: Models

    func add(_ models: [StoredModel]) async throws -> [TransferOutcome] {
        models.map { model in
            adding(model.id, "\(root)/\(model.experimentID)/models/\(model.id)") { try write(model, to: $0) }
        }
    }

    private func write(_ model: StoredModel, to folder: String) throws {
        let id = experimentID(model.experimentID)
        try write(model.params, to: folder + "/params")
        try write(model.tags, to: folder + "/tags")
        for (key, points) in Dictionary(grouping: model.metrics, by: \.key) {
            let lines = points.map { point in
                let dataset = point.datasetName.map { " \($0) \(point.datasetDigest ?? "")" } ?? ""
                return "\(point.timestamp) \(point.value) \(point.step) \(point.runID)\(dataset)\n"
            }
            try FolderText.write(lines.joined(), to: FolderText.path(folder + "/metrics", key))
        }
        let uri =
            model.artifactURI.isEmpty ? fileAddress("\(root)/\(id)/models/\(model.id)/artifacts") : model.artifactURI
        try FolderText.write(
            FolderText.meta([
                ("artifact_location", .string(uri)), ("creation_timestamp", .integer(model.createdAt)),
                ("experiment_id", .string(id)), ("last_updated_timestamp", .integer(model.updatedAt)),
                ("model_id", .string(model.id)), ("model_type", JSON(model.modelType)), ("name", .string(model.name)),
                ("source_run_id", JSON(model.sourceRunID)), ("status", .integer(model.status)),
                ("status_message", JSON(model.statusMessage)),
            ]), to: folder + "/meta.yaml")
    }

    func add(_ models: [StoredRegisteredModel]) async throws -> [TransferOutcome] {
        models.flatMap { model in
            let folder = "\(root)/models/\(model.name)"
            let versions = model.versions.map { version in
                adding("\(model.name)/\(version.version)", "\(folder)/version-\(version.version)") {
                    try write(version, of: model.name, to: $0)
                }
            }
            return [adding(model.name, folder) { try write(model, to: $0) }] + versions
        }
    }

    private func write(_ model: StoredRegisteredModel, to folder: String) throws {
        try write(model.tags, to: folder + "/tags")
        try write(model.aliases.map { StoredEntry($0.alias, String($0.version)) }, to: folder + "/aliases")
        try FolderText.write(
            FolderText.meta([
                ("creation_timestamp", .integer(model.createdAt)), ("description", JSON(model.description)),
                ("last_updated_timestamp", .integer(model.updatedAt)), ("name", .string(model.name)),
            ]), to: folder + "/meta.yaml")
    }

    private func write(_ version: StoredVersion, of name: String, to folder: String) throws {
        try write(version.tags, to: folder + "/tags")
        var members: [(String, JSON)] = [
            ("creation_timestamp", .integer(version.createdAt)), ("current_stage", .string(version.stage)),
            ("description", JSON(version.description)), ("last_updated_timestamp", .integer(version.updatedAt)),
            ("name", .string(name)), ("run_id", JSON(version.runID)), ("run_link", JSON(version.runLink)),
            ("source", .string(version.source)), ("status", "READY"), ("status_message", .null),
            ("storage_location", JSON(version.storageLocation)), ("user_id", JSON(version.user)),
            ("version", .integer(version.version)),
        ]
        if let id = version.modelID { members.append(("model_id", .string(id))) }
        try FolderText.write(FolderText.meta(members), to: folder + "/meta.yaml")
    }

    private func write(_ entries: [StoredEntry], to folder: String) throws {
        for entry in entries { try FolderText.write(entry.value, to: FolderText.path(folder, entry.key)) }
    }

    private func stage(_ isDeleted: Bool) -> JSON { isDeleted ? "deleted" : "active" }
    private func fileAddress(_ path: String) -> String { URL(fileURLWithPath: path).absoluteString }

    // MARK: Files

    func place(of owner: ArtifactOwner) -> String {
        switch owner {
        case .run(let id, let experiment): "\(root)/\(experiment)/\(id)/artifacts"
        case .model(let id, let experiment): "\(root)/\(experiment)/models/\(id)/artifacts"
        case .version(let name, let version): "\(root)/models/\(name)/version-\(version)/artifacts"
        }
    }

    func address(of place: String) -> String { fileAddress(place) }

    func files(at place: String) async throws -> [StoredFile] {
        LocalArtifacts(override: nil, starts: []).files(at: .folder(place))
    }

    func put(_ file: String, at path: String, in place: String) async throws {
        let target = try FolderText.path(place, path), part = target + ".part"
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: part)
        try FileManager.default.copyItem(atPath: file, toPath: part)
        guard rename(part, target) == 0 else {
            throw ServiceError(.internalError, "\(target) cannot be written: \(String(cString: strerror(errno))).")
        }
    }
}

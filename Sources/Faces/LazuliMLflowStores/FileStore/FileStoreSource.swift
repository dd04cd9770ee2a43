import Foundation
import LazuliResources

/// An `mlruns` folder: one folder an experiment, one a run, one file a metric, param or tag.
public struct FileStoreSource: TrackingSource {
    static let trash = ".trash"
    static let registry = "models"
    /// Folders of an experiment that are no runs.
    static let reserved: Set<String> = ["tags", "datasets", "traces", "models"]

    let root: String
    let local: LocalArtifacts
    let faults: FaultLog

    public var title: String { root }

    /// - Parameter artifacts: a folder for artifacts that are not where the store says.
    /// - Throws: `notFound` for a folder without experiments.
    public init(root: String, artifacts: String?, faults: FaultLog) throws {
        self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
        local = LocalArtifacts(
            override: artifacts, starts: [(self.root as NSString).deletingLastPathComponent, self.root])
        self.faults = faults
        guard Self.looksRight(self.root) else {
            throw ServiceError(
                .notFound,
                "\(root) holds no MLflow experiments (folders with a meta.yaml). Name the mlruns folder itself.")
        }
    }

    static func looksRight(_ root: String) -> Bool {
        FolderReader.folders(root).contains { FolderReader.bytes("\(root)/\($0)/meta.yaml") != nil }
            || FolderReader.isFolder("\(root)/\(trash)")
    }

    // MARK: Experiments

    public func experiments() -> [StoredExperiment] {
        let active = FolderReader.folders(root).filter { $0 != Self.registry && !$0.hasPrefix(".") }
        let found =
            active.map { ($0, false) }
            + FolderReader.folders("\(root)/\(Self.trash)").map { ("\(Self.trash)/\($0)", true) }
        return found.compactMap { folder, isTrash in experiment(folder, isTrash) }.sorted {
            (Int64($0.id) ?? .max, $0.id) < (Int64($1.id) ?? .max, $1.id)
        }
    }

    private func experiment(_ folder: String, _ isTrash: Bool) -> StoredExperiment? {
        noting("experiment \(folder)") {
            let meta = try MetaFile(path: "\(root)/\(folder)/meta.yaml")
            guard let name = meta.text("name") else {
                throw ServiceError(.invalidArgument, "\(root)/\(folder)/meta.yaml has no name.")
            }
            var experiment = StoredExperiment(
                id: meta.text("experiment_id") ?? (folder as NSString).lastPathComponent, name: name,
                artifactLocation: meta.text("artifact_location") ?? "")
            experiment.isDeleted = isTrash || meta.text("lifecycle_stage") == "deleted"
            experiment.createdAt = meta.integer("creation_time") ?? 0
            experiment.updatedAt = meta.integer("last_update_time") ?? experiment.createdAt
            experiment.tags = entries("\(root)/\(folder)/tags")
            return experiment
        }
    }

    /// The experiment's folder, in its place or in the trash.
    func folder(of experiment: StoredExperiment) -> String {
        let trashed = "\(root)/\(Self.trash)/\(experiment.id)"
        return experiment.isDeleted && FolderReader.isFolder(trashed) ? trashed : "\(root)/\(experiment.id)"
    }

    // MARK: Runs

    public func runs(of experiment: StoredExperiment, _ take: (StoredRun) async throws -> Void) async throws {
        let folder = folder(of: experiment)
        let datasets = DatasetFiles(folder: folder + "/datasets")
        for name in FolderReader.folders(folder) where !Self.reserved.contains(name) && !name.hasPrefix(".") {
            let run = noting("run \(name)") { try self.run("\(folder)/\(name)", name, experiment, datasets) }
            if let run { try await take(run) }
        }
    }

    private func run(
        _ folder: String, _ name: String, _ experiment: StoredExperiment, _ datasets: DatasetFiles
    ) throws -> StoredRun {
        let meta = try MetaFile(path: folder + "/meta.yaml")
        let id = meta.text("run_id") ?? meta.text("run_uuid") ?? name
        let uri = meta.text("artifact_uri") ?? ""
        var run = StoredRun(
            id: id, experimentID: experiment.id,
            artifacts: origin(of: uri, tail: "\(experiment.id)/\(id)/artifacts", beside: folder + "/artifacts"))
        run.artifactURI = uri
        run.name = meta.text("run_name") ?? ""
        run.user = meta.text("user_id") ?? ""
        run.status = Self.status(meta)
        run.isDeleted = meta.text("lifecycle_stage") == "deleted"
        run.startTime = meta.integer("start_time")
        run.endTime = meta.integer("end_time")
        run.deletedAt = meta.integer("deleted_time")
        run.params = entries(folder + "/params")
        run.tags = entries(folder + "/tags")
        run.metrics = metrics(folder + "/metrics", of: "run \(id)")
        inputs(folder, datasets, &run)
        if run.name.isEmpty { run.name = run.tags.first { $0.key == "mlflow.runName" }?.value ?? "" }
        return run
    }

    /// The files beside the run win over an address that may be of the machine the store came from.
    func origin(of uri: String, tail: String, beside folder: String) -> ArtifactOrigin {
        let found = local.origin(of: uri, tail: tail)
        guard case .folder(let path) = found, !FolderReader.isFolder(path) || local.override == nil else {
            return found
        }
        return FolderReader.isFolder(folder) && !FolderReader.entries(folder).isEmpty ? .folder(folder) : found
    }

    /// By number, or by name in stores of early versions.
    private static func status(_ meta: MetaFile) -> String {
        let names = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]
        if let number = meta.integer("status"), (1...5).contains(number) { return names[Int(number) - 1] }
        return meta.text("status").flatMap { names.contains($0) ? $0 : nil } ?? "RUNNING"
    }

    /// Files as keys with texts.
    func entries(_ folder: String) -> [StoredEntry] {
        FolderReader.files(folder).compactMap { key in
            guard let value = FolderReader.text(folder + "/" + key) else {
                faults.note("\(folder)/\(key) cannot be read.")
                return nil
            }
            return StoredEntry(key, value)
        }
    }

    private func metrics(_ folder: String, of owner: String) -> [StoredSeries] {
        FolderReader.files(folder).compactMap { key in
            guard let bytes = FolderReader.bytes(folder + "/" + key) else {
                faults.note("\(folder)/\(key) cannot be read.")
                return nil
            }
            let (series, bad) = MetricLines.series(bytes, key: key)
            note(bad, "\(folder)/\(key)", owner)
            return series.values.isEmpty ? nil : series
        }
    }

    func note(_ badLines: [Int], _ file: String, _ owner: String) {
        guard let first = badLines.first else { return }
        let rest = badLines.count > 1 ? " and \(badLines.count - 1) more" : ""
        faults.note("\(owner): \(file), line \(first)\(rest): no metric point (time, value, step).")
    }

    private func inputs(_ folder: String, _ datasets: DatasetFiles, _ run: inout StoredRun) {
        for name in FolderReader.folders(folder + "/inputs") {
            let file = "\(folder)/inputs/\(name)/meta.yaml"
            _ = noting("run \(run.id)") {
                let meta = try MetaFile(path: file)
                let source = meta.text("source_id") ?? ""
                if meta.text("source_type") == "DATASET" {
                    var dataset = try datasets.dataset(source)
                    dataset.tags = meta.entries("tags")
                    run.datasets.append(dataset)
                } else {
                    run.modelInputs.append(source)
                }
            }
        }
        for name in FolderReader.folders(folder + "/outputs") {
            _ = noting("run \(run.id)") {
                let meta = try MetaFile(path: "\(folder)/outputs/\(name)/meta.yaml")
                run.modelOutputs.append((meta.text("source_id") ?? name, meta.integer("step") ?? 0))
            }
        }
    }

    /// Runs a piece of the reading; what it throws becomes a fault.
    func noting<Value>(_ owner: String, _ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch let error as ServiceError {
            faults.note("\(owner): \(error.message)")
        } catch {
            faults.note("\(owner): \(error)")
        }
        return nil
    }

    // MARK: Files

    public func origin(ofURI uri: String) -> ArtifactOrigin { local.origin(of: uri, tail: "") }
    public func files(at origin: ArtifactOrigin) -> [StoredFile] { local.files(at: origin) }
    public func withFile(
        _ file: StoredFile, at origin: ArtifactOrigin, _ use: (String) async throws -> Void
    ) async throws { try await local.withFile(file, at: origin, use) }
}

/// The datasets of an experiment.
struct DatasetFiles {
    let folder: String

    func dataset(_ id: String) throws -> StoredDataset {
        let meta = try MetaFile(path: "\(folder)/\(id)/meta.yaml")
        return StoredDataset(
            name: meta.text("name") ?? id, digest: meta.text("digest") ?? "",
            sourceType: meta.text("source_type") ?? "",
            source: meta.text("source") ?? "", schema: meta.text("schema"), profile: meta.text("profile"))
    }
}

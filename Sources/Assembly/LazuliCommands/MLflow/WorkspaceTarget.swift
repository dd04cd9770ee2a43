import LazuliMLflowStores
import LazuliResources

/// A Lazuli workspace: its import calls keep all ids.
struct WorkspaceTarget: TrackingTarget {
    let server: MLflowServer

    var title: String { server.address }

    /// Whether the server takes imports; MLflow's own does not.
    static func isOffered(by server: MLflowServer) async throws -> Bool {
        do {
            _ = try await server.post("2.0/mlflow/lazuli/import/experiments", ["experiments": []])
            return true
        } catch let error as ServiceError where error.code == .notFound {
            return false
        }
    }

    /// The metric points of one call; a run with more goes in several.
    private static let pointsPerCall = 50_000

    func add(_ experiments: [StoredExperiment]) async throws -> [TransferOutcome] {
        try await send("experiments", "experiments", experiments.map(ImportJSON.experiment))
    }

    func add(_ runs: [StoredRun]) async throws -> [TransferOutcome] {
        var outcomes: [TransferOutcome] = []
        var whole: [JSON] = []
        for run in runs {
            let pieces = Self.pieces(of: run)
            guard pieces.count > 1 else {
                whole.append(ImportJSON.run(run))
                continue
            }
            // The first piece makes the run and tells what became of it.
            for (index, piece) in pieces.enumerated() {
                let answer = try await send("runs", "runs", [ImportJSON.run(piece)])
                if index == 0 { outcomes += answer }
                guard answer.allSatisfy({ $0.state == .created || $0.state == .present }) else { break }
            }
        }
        return try await outcomes + (whole.isEmpty ? [] : send("runs", "runs", whole))
    }

    /// The run with as many of its points as fit in a call, then the rest of them.
    private static func pieces(of run: StoredRun) -> [StoredRun] {
        guard run.metrics.reduce(0, { $0 + $1.values.count }) > pointsPerCall else { return [run] }
        var pieces: [[StoredSeries]] = [[]]
        var room = pointsPerCall
        for series in run.metrics {
            var start = 0
            while start < series.values.count {
                if room == 0 {
                    pieces.append([])
                    room = pointsPerCall
                }
                let end = min(start + room, series.values.count)
                pieces[pieces.count - 1].append(series.part(start..<end))
                room -= end - start
                start = end
            }
        }
        return pieces.enumerated().map { index, metrics in
            var piece =
                index == 0 ? run : StoredRun(id: run.id, experimentID: run.experimentID, artifacts: run.artifacts)
            piece.startTime = run.startTime
            piece.metrics = metrics
            return piece
        }
    }

    func add(_ models: [StoredModel]) async throws -> [TransferOutcome] {
        try await send("logged-models", "models", models.map(ImportJSON.model))
    }

    func add(_ models: [StoredRegisteredModel]) async throws -> [TransferOutcome] {
        var outcomes: [TransferOutcome] = []
        for model in models {
            outcomes += try await send("registered-models", "registered_models", [ImportJSON.registeredModel(model)])
        }
        return outcomes
    }

    private func send(_ call: String, _ member: String, _ values: [JSON]) async throws -> [TransferOutcome] {
        let answer = try await server.post("2.0/mlflow/lazuli/import/\(call)", [member: .array(values)])
        return (answer["results"].array ?? []).map { result in
            TransferOutcome(
                result["id"].string ?? "",
                result["state"].string.flatMap(TransferOutcome.State.init(rawValue:)) ?? .failed,
                result["message"].string, experiment: result["experiment_id"].string)
        }
    }

    // MARK: Files

    func place(of owner: ArtifactOwner) -> String {
        switch owner {
        case .run(let id, let experiment): "\(experiment)/\(id)/artifacts"
        case .model(let id, let experiment): "\(experiment)/models/\(id)/artifacts"
        case .version(let name, let version): "imported/\(name)/\(version)"
        }
    }

    func address(of place: String) -> String { "mlflow-artifacts:/" + place }

    func files(at place: String) async throws -> [StoredFile] { try await ServedFiles(server: server).files(at: place) }

    func put(_ file: String, at path: String, in place: String) async throws {
        try await server.upload(file, to: place + "/" + path)
    }
}

/// The files that a server's artifact proxy serves.
struct ServedFiles: Sendable {
    let server: MLflowServer

    /// All files below a path, by path below it.
    func files(at place: String, below prefix: String = "") async throws -> [StoredFile] {
        let path = prefix.isEmpty ? place : place + "/" + String(prefix.dropLast())
        let answer = try await server.get("2.0/mlflow-artifacts/artifacts", [("path", path)])
        var files: [StoredFile] = []
        for entry in answer["files"].array ?? [] {
            guard let name = entry["path"].string?.split(separator: "/").last.map(String.init) else { continue }
            if entry["is_dir"].bool == true {
                files += try await self.files(at: place, below: prefix + name + "/")
            } else {
                files.append(StoredFile(path: prefix + name, size: Int64(entry["file_size"].integer ?? 0)))
            }
        }
        return files
    }
}

extension StoredSeries {
    fileprivate func part(_ range: Range<Int>) -> StoredSeries {
        var part = StoredSeries(key: key)
        part.values = Array(values[range])
        part.timestamps = Array(timestamps[range])
        part.steps = Array(steps[range])
        return part
    }
}

import Foundation
import LazuliClient
import LazuliMLflowStores
import LazuliResources

/// A running MLflow server, read over its REST API. Deleted logged models do not show there.
struct ServerSource: TrackingSource {
    let server: MLflowServer
    let faults: FaultLog
    /// Runs whose histories are asked for side by side.
    private static let lanes = 8

    init(server: MLflowServer, faults: FaultLog) {
        self.server = server
        self.faults = faults
    }

    var title: String { server.address }

    func experiments() async throws -> [StoredExperiment] {
        var found: [StoredExperiment] = []
        try await server.pages("experiments") { token in
            try await server.post(
                "2.0/mlflow/experiments/search",
                .object(dropping: [
                    ("max_results", 1000), ("view_type", "ALL"), ("page_token", token.map(JSON.string)),
                ]))
        } take: {
            found += $0.map(StoredExperiment.init)
        }
        return found.sorted { (Int64($0.id) ?? .max, $0.id) < (Int64($1.id) ?? .max, $1.id) }
    }

    // MARK: Runs

    func runs(of experiment: StoredExperiment, _ take: (StoredRun) async throws -> Void) async throws {
        try await server.pages("runs") { token in
            try await server.post(
                "2.0/mlflow/runs/search",
                .object(dropping: [
                    ("experiment_ids", [.string(experiment.id)]), ("run_view_type", "ALL"), ("max_results", 200),
                    ("order_by", ["attributes.start_time ASC"]), ("page_token", token.map(JSON.string)),
                ]))
        } take: { page in
            for start in stride(from: 0, to: page.count, by: Self.lanes) {
                for run in await filled(page[start..<min(start + Self.lanes, page.count)]) { try await take(run) }
            }
        }
    }

    /// Runs with their histories, in the order given.
    private func filled(_ runs: ArraySlice<JSON>) async -> [StoredRun] {
        await withTaskGroup(of: (Int, StoredRun?).self) { group in
            for (index, json) in runs.enumerated() { group.addTask { (index, await filled(json)) } }
            var found: [Int: StoredRun] = [:]
            for await (index, run) in group { found[index] = run }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func filled(_ json: JSON) async -> StoredRun? {
        let uri = json["info"]["artifact_uri"].string ?? ""
        var run = StoredRun(json, artifacts: origin(ofURI: uri))
        do {
            for metric in json["data"]["metrics"].array ?? [] {
                guard let key = metric["key"].string else { continue }
                run.metrics.append(try await history(of: run.id, key))
            }
            return run
        } catch let error as ServiceError {
            faults.note("run \(run.id): \(error.message)")
        } catch {
            faults.note("run \(run.id): \(error)")
        }
        return nil
    }

    private func history(of run: String, _ key: String) async throws -> StoredSeries {
        var series = StoredSeries(key: key)
        try await server.pages("metrics") { token in
            var query = [("run_id", run), ("metric_key", key), ("max_results", "25000")]
            if let token { query.append(("page_token", token)) }
            return try await server.get("2.0/mlflow/metrics/get-history", query)
        } take: { page in
            for point in page {
                series.append(
                    value: point["value"].wireNumber, timestamp: point["timestamp"].wireInteger,
                    step: point["step"].wireInteger)
            }
        }
        return series
    }

    // MARK: Models

    func loggedModels(of experiment: StoredExperiment, _ take: (StoredModel) async throws -> Void) async throws {
        do {
            try await server.pages("models") { token in
                try await server.post(
                    "2.0/mlflow/logged-models/search",
                    .object(dropping: [
                        ("experiment_ids", [.string(experiment.id)]), ("max_results", 100),
                        ("page_token", token.map(JSON.string)),
                    ]))
            } take: { page in
                for json in page {
                    try await take(
                        StoredModel(json, artifacts: origin(ofURI: json["info"]["artifact_uri"].string ?? "")))
                }
            }
        } catch let error as ServiceError where error.code == .notFound {
            // Servers before 3.0 know no logged models.
        }
    }

    func registeredModels() async throws -> [StoredRegisteredModel] {
        var found: [StoredRegisteredModel] = []
        try await server.pages("registered_models") { token in
            var query = [("max_results", "100")]
            if let token { query.append(("page_token", token)) }
            return try await server.get("2.0/mlflow/registered-models/search", query)
        } take: { page in
            for json in page {
                var model = StoredRegisteredModel(json)
                model.versions = try await versions(of: model.name)
                found.append(model)
            }
        }
        return found
    }

    private func versions(of model: String) async throws -> [StoredVersion] {
        var found: [StoredVersion] = []
        let quote = model.contains("'") ? "\"" : "'"
        try await server.pages("model_versions") { token in
            var query = [("filter", "name = \(quote)\(model)\(quote)"), ("max_results", "1000")]
            if let token { query.append(("page_token", token)) }
            return try await server.get("2.0/mlflow/model-versions/search", query)
        } take: { page in
            for json in page {
                var version = StoredVersion(json)
                version.storageLocation = try? await server.get(
                    "2.0/mlflow/model-versions/get-download-uri",
                    [("name", model), ("version", String(version.version))])["artifact_uri"].string
                found.append(version)
            }
        }
        return found.sorted { $0.version < $1.version }
    }

    // MARK: Files

    func origin(ofURI uri: String) -> ArtifactOrigin {
        if uri.hasPrefix("mlflow-artifacts:") { return .served(uri) }
        return LocalArtifacts(override: nil, starts: []).origin(ofURI: uri)
    }

    func files(at origin: ArtifactOrigin) async throws -> [StoredFile] {
        guard case .served(let uri) = origin else { return LocalArtifacts(override: nil, starts: []).files(at: origin) }
        return try await ServedFiles(server: server).files(at: LocalArtifacts.proxyPath(uri))
    }

    /// The file is fetched into a temporary one.
    func withFile(
        _ file: StoredFile, at origin: ArtifactOrigin, _ use: (String) async throws -> Void
    ) async throws {
        guard case .served(let uri) = origin else {
            return try await LocalArtifacts(override: nil, starts: []).withFile(file, at: origin, use)
        }
        let copy = FileManager.default.temporaryDirectory.appending(path: "lazuli-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try await server.download(LocalArtifacts.proxyPath(uri) + "/" + file.path, to: copy)
        try await use(copy)
    }
}

public import LazuliResources

/// The run-history calls of one workspace.
public struct RunHistory: Sendable {
    private let arm: ARMClient
    private let scope: WorkspaceScope

    public init(arm: ARMClient, scope: WorkspaceScope) {
        self.arm = arm
        self.scope = scope
    }

    private func path(_ rest: String) -> String { "/history/v1.0\(scope.id)/\(rest)" }
    private static let version = [("api-version", "v1.0")]

    /// Status, log addresses and error of a run.
    public func details(of run: String) async throws -> JSON {
        try await arm.get(path("runs/\(PercentEncoding.segment(run))/details"), query: Self.version)
    }

    public func children(of run: String) async throws -> [JSON] {
        try await arm.list(path("runs/\(PercentEncoding.segment(run))/children"), query: Self.version)
    }

    /// Hides a run from lists, or shows it again.
    public func setHidden(_ hidden: Bool, run: String, experiment: String) async throws {
        _ = try await arm.call(
            "PATCH", path("experiments/\(PercentEncoding.segment(experiment))/runs/\(PercentEncoding.segment(run))"),
            query: Self.version, body: ["hidden": .bool(hidden)])
    }

    /// Changes what may change of a run: `displayName`, `tags`, `properties`, `description`.
    public func update(_ body: JSON, run: String, experiment: String) async throws {
        _ = try await arm.call(
            "PATCH", path("experiments/\(PercentEncoding.segment(experiment))/runs/\(PercentEncoding.segment(run))"),
            query: Self.version, body: body)
    }

    /// The asset ids of the run's outputs, by output name.
    public func outputs(of run: String) async throws -> [(name: String, asset: String)] {
        let body: JSON = [
            "runId": .string(run), "selectRunMetadata": true, "selectRunDefinition": true,
            "selectJobSpecification": true,
        ]
        let data = try await arm.post(path("rundata"), body, query: Self.version)
        return (data["runMetadata"]["outputs"].object?.pairs ?? []).compactMap { name, output in
            output["assetId"].string.map { (name, $0) }
        }
    }

    /// Where the assets lie, by asset id.
    public func addresses(of assets: [String]) async throws -> [String: String] {
        guard !assets.isEmpty else { return [:] }
        let answer = try await arm.post(
            "/data/v1.0\(scope.id)/dataversion/batchGetResolvedUris", ["values": .array(assets.map(JSON.string))],
            query: [("api-version", "1.5.0")])
        let pairs = (answer["values"].object?.pairs ?? []).compactMap { key, value in
            value["uri"].string.map { (key, $0) }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

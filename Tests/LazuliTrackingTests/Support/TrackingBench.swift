import Foundation
import LazuliPersistence
import LazuliResources
import LazuliTracking

/// A tracking store of its own for one test; its folder goes when the test lets go of it.
final class TrackingBench: Sendable {
    let folder: URL
    let database: StateDatabase
    let store: TrackingStore
    let scope = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "ws")

    var experiments: ExperimentService { ExperimentService(store: store) }
    var runs: RunService { RunService(store: store) }
    var metrics: MetricService { MetricService(store: store) }
    var models: LoggedModelService { LoggedModelService(store: store) }
    var search: SearchService { SearchService(store: store) }

    var traces: TraceService { TraceService(store: store) }
    var assessments: AssessmentService { AssessmentService(store: store) }
    var evaluation: EvaluationService { EvaluationService(store: store) }
    var scorers: ScorerService { ScorerService(store: store) }
    var issues: IssueService { IssueService(store: store) }
    var registry: RegistryService { RegistryService(store: store) }
    var registrySearch: RegistrySearch { RegistrySearch(store: store) }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tracking-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try StateDatabase(
            path: folder.appending(path: "state.sqlite").path,
            migrations: [DocumentTable.migration] + TrackingFeature.migrations)
        store = TrackingStore(database: database)
    }

    deinit {
        try? database.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// A new run in an experiment, with what is to be logged to it.
    @discardableResult
    func run(
        _ experiment: String = "0", name: String? = nil, start: Int64 = 1000, metrics: [String: Double] = [:],
        params: [String: String] = [:], tags: [String: String] = [:]
    ) async throws -> String {
        let run = try await runs.create(
            .init(experimentID: experiment, user: "ann", startTime: start, name: name, tags: entries(tags)), in: scope)
        try await runs.logBatch(
            metrics: metrics.map { Metric(key: $0.key, value: $0.value, timestamp: 1, step: 0) },
            params: entries(params), tags: [], to: run.info.runID, in: scope)
        return run.info.runID
    }

    private func entries(_ values: [String: String]) -> [Entry] {
        values.sorted { $0.key < $1.key }.map { Entry($0.key, $0.value) }
    }

    /// The names of the runs that a filter finds, in the order asked for.
    func names(
        where filter: String? = nil, orderBy: [String] = [], view: ViewType = .activeOnly, experiments: [String] = ["0"]
    ) async throws -> [String] {
        try await search.runs(
            SearchRequest(filter: filter, orderBy: orderBy, view: view, maxResults: nil, pageToken: nil),
            experiments: experiments, in: scope
        ).items.map(\.info.name)
    }
}

/// The message of the refusal that a call ends with, or nil if it does not end with one.
func refusal(_ body: () async throws -> Void) async -> ServiceError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? ServiceError
    }
}

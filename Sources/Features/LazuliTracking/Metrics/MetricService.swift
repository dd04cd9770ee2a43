import GRDB
public import LazuliResources

/// A page of a metric's history.
public struct MetricHistory: Sendable {
    public let key: String
    public let points: [MetricPoint]
    public let nextPageToken: String?
}

/// The points of one run among several.
public struct RunHistory: Sendable {
    public let runID: String
    public let points: [MetricPoint]
}

/// Reading metric histories; `RunService` writes them.
public struct MetricService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// - Parameter maxResults: the page's size; nil for all points at once.
    public func history(
        ofRun runID: String, key: String, maxResults: Int?, pageToken: String?, in scope: WorkspaceScope
    ) async throws -> MetricHistory {
        if let maxResults, maxResults <= 0 {
            throw TrackingFault.invalid(
                "Invalid value \(maxResults) for parameter 'max_results' supplied. It must be a positive integer.")
        }
        let offset = try PageToken.offset(of: pageToken)
        return try await store.read(scope) { database, workspace in
            guard let run = try RunTable.find(runID, workspace: workspace, database),
                let keyID = try KeyTable.find(key, workspace: workspace, database)
            else { return MetricHistory(key: key, points: [], nextPageToken: nil) }
            let limit = maxResults.map { $0 + 1 } ?? -1
            var points = try MetricTable.history(run: run.id, key: keyID, offset: offset, limit: limit, database)
            guard let maxResults, points.count > maxResults else {
                return MetricHistory(key: key, points: points, nextPageToken: nil)
            }
            points.removeLast()
            return MetricHistory(key: key, points: points, nextPageToken: PageToken.text(offset: offset + maxResults))
        }
    }

    /// The histories of several runs, by run id, up to a number of points in all.
    public func histories(
        ofRuns runIDs: [String], key: String, maxResults: Int, in scope: WorkspaceScope
    ) async throws -> [RunHistory] {
        try await store.read(scope) { database, workspace in
            guard let keyID = try KeyTable.find(key, workspace: workspace, database) else { return [] }
            var left = min(maxResults, TrackingLimits.pointsPerHistoryCall)
            var histories: [RunHistory] = []
            for runID in Set(runIDs).sorted() where left > 0 {
                guard let run = try RunTable.find(runID, workspace: workspace, database) else { continue }
                let points = try MetricTable.history(run: run.id, key: keyID, offset: 0, limit: left, database)
                left -= points.count
                histories.append(RunHistory(runID: runID, points: points))
            }
            return histories
        }
    }

    /// The histories of several runs in the order of their steps, each thinned out to `maxResults` points.
    /// - Parameter steps: only points of these steps.
    public func samples(
        ofRuns runIDs: [String], key: String, steps: ClosedRange<Int64>?, maxResults: Int, in scope: WorkspaceScope
    ) async throws -> [RunHistory] {
        try await store.read(scope) { database, workspace in
            guard let keyID = try KeyTable.find(key, workspace: workspace, database) else { return [] }
            return try runIDs.compactMap { runID in
                guard let run = try RunTable.find(runID, workspace: workspace, database) else { return nil }
                var points = try MetricTable.history(run: run.id, key: keyID, offset: 0, limit: -1, database)
                if let steps { points.removeAll { !steps.contains($0.step) } }
                points.sort { ($0.step, $0.timestamp, $0.value) < ($1.step, $1.timestamp, $1.value) }
                return RunHistory(runID: runID, points: HistorySample.of(points, limit: max(1, maxResults)))
            }
        }
    }
}

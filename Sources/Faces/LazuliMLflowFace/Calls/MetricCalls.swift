import LazuliResources
import LazuliTracking

/// Calls that read metric histories.
enum MetricCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("GET", "2.0/mlflow/metrics/get-history", .readRuns, history),
        MLflowRow("GET", "2.0/mlflow/metrics/get-history-bulk", .readRuns, histories),
        MLflowRow("GET", "2.0/mlflow/metrics/get-history-bulk-interval", .readRuns, samples),
    ]

    private static func history(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.runID()
        let found = try await call.services.metrics.history(
            ofRun: runID, key: call.fields.requiredText("metric_key"),
            maxResults: call.fields.integer("max_results").map(Int.init), pageToken: call.fields.text("page_token"),
            in: call.scope)
        return .object { text in
            let key = JSONText.Quoted(found.key)
            text.reserve(found.points.count * (found.key.utf8.count + 80))
            text.field("metrics", list: found.points) { text, point in
                text.object { $0.members(of: point, key: key) }
            }
            text.field("next_page_token", found.nextPageToken)
        }
    }

    private static func histories(_ call: MLflowCall) async throws -> MLflowReply {
        let runIDs = try call.fields.list("run_id").compactMap(\.string)
        guard !runIDs.isEmpty else {
            throw TrackingFault.invalid("GetMetricHistoryBulk request must specify at least one run_id.")
        }
        let limit = TrackingLimits.runsPerHistoryCall
        guard runIDs.count <= limit else {
            throw TrackingFault.invalid(
                "GetMetricHistoryBulk request cannot specify more than \(limit) run_ids. "
                    + "Received \(runIDs.count) run_ids.")
        }
        guard let key = try call.fields.text("metric_key") else {
            throw TrackingFault.invalid("GetMetricHistoryBulk request must specify a metric_key.")
        }
        let most = try call.fields.integer("max_results").map(Int.init) ?? TrackingLimits.pointsPerHistoryCall
        let found = try await call.services.metrics.histories(
            ofRuns: runIDs, key: key, maxResults: most, in: call.scope)
        return reply(found, key: key)
    }

    private static func samples(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let runIDs = try fields.list("run_ids").compactMap(\.string)
        guard !runIDs.isEmpty else { throw Fields.missing("run_ids") }
        let mostRuns = TrackingLimits.runsPerHistoryCall, mostPoints = TrackingLimits.sampledPoints
        guard runIDs.count <= mostRuns else {
            throw TrackingFault.invalid(
                "GetMetricHistoryBulkInterval request must specify at most \(mostRuns) run_ids. "
                    + "Received \(runIDs.count) run_ids." + Fields.hint)
        }
        let key = try fields.requiredText("metric_key")
        let most = try fields.integer("max_results") ?? Int64(mostPoints)
        guard (1...Int64(mostPoints)).contains(most) else {
            throw TrackingFault.invalid("max_results must be between 1 and \(mostPoints)." + Fields.hint)
        }
        let found = try await call.services.metrics.samples(
            ofRuns: runIDs, key: key, steps: steps(fields), maxResults: Int(most), in: call.scope)
        return reply(found, key: key)
    }

    private static func steps(_ fields: Fields) throws -> ClosedRange<Int64>? {
        switch (try fields.integer("start_step"), try fields.integer("end_step")) {
        case (nil, nil): return nil
        case (let start?, let end?):
            guard start <= end else {
                throw TrackingFault.invalid(
                    "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end).")
            }
            return start...end
        default:
            throw TrackingFault.invalid("If either start step or end step are specified, both must be specified.")
        }
    }

    /// The points of all runs in one list, as the page reads them; an empty one is there too.
    private static func reply(_ histories: [RunHistory], key: String) -> MLflowReply {
        if histories.allSatisfy(\.points.isEmpty) { return .json(Array("{\"metrics\":[]}".utf8)) }
        let points = histories.flatMap { history in
            let runID = JSONText.Quoted(history.runID)
            return history.points.map { (runID, $0) }
        }
        let key = JSONText.Quoted(key)
        return .object { text in
            text.field("metrics", list: points) { text, item in
                text.object {
                    $0.members(of: item.1, key: key)
                    $0.field("run_id", item.0)
                }
            }
        }
    }
}

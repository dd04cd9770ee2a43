import LazuliResources
import LazuliTracking

/// Calls that read metric histories.
enum MetricCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("GET", "2.0/mlflow/metrics/get-history", .readRuns, history),
        MLflowRow("GET", "2.0/mlflow/metrics/get-history-bulk", .readRuns, histories),
    ]

    private static func history(_ call: MLflowCall) async throws -> MLflowReply {
        let runID = try call.fields.runID()
        let found = try await call.services.metrics.history(
            ofRun: runID, key: call.fields.requiredText("metric_key"),
            maxResults: call.fields.integer("max_results").map(Int.init), pageToken: call.fields.text("page_token"),
            in: call.scope)
        return .object { text in
            text.reserve(found.points.count * (found.key.utf8.count + 80))
            text.field("metrics", list: found.points) { text, point in
                text.object { $0.members(of: point, key: found.key) }
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

    /// The points of all runs in one list, as the page reads them; an empty one is there too.
    private static func reply(_ histories: [RunHistory], key: String) -> MLflowReply {
        if histories.allSatisfy(\.points.isEmpty) { return .json(Array("{\"metrics\":[]}".utf8)) }
        let points = histories.flatMap { history in history.points.map { (history.runID, $0) } }
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

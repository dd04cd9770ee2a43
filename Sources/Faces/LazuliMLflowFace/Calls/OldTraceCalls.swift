import LazuliResources
import LazuliTracking

/// Calls on traces as clients before MLflow 3 word them.
enum OldTraceCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/traces", .writeRuns, start),
        MLflowRow("GET", "2.0/mlflow/traces", .readRuns, search),
        MLflowRow("PATCH", "2.0/mlflow/traces/{trace}", .writeRuns, end),
        MLflowRow("GET", "2.0/mlflow/traces/{trace}/info", .readRuns, info),
        MLflowRow("PATCH", "2.0/mlflow/traces/{trace}/tags", .writeRuns, TraceCalls.setTag),
        MLflowRow("DELETE", "2.0/mlflow/traces/{trace}/tags", .writeRuns, TraceCalls.deleteTag),
    ]

    private static func reply(_ info: TraceInfo) -> MLflowReply {
        .object { $0.field("trace_info") { $0.oldMembers(of: info) } }
    }

    private static func start(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let info = try await call.services.traces.start(
            TraceInfo(
                traceID: TraceService.newID(), experimentID: fields.requiredText("experiment_id"),
                requestTime: fields.requiredInteger("timestamp_ms"), duration: 0, state: .inProgress,
                metadata: fields.entries("request_metadata"), tags: fields.entries("tags")),
            in: call.scope)
        return reply(info)
    }

    private static func end(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let info = try await call.services.traces.end(
            call.place("trace"), at: fields.requiredInteger("timestamp_ms"),
            state: fields.traceState("status") ?? .unspecified, metadata: fields.entries("request_metadata"),
            tags: fields.entries("tags"), in: call.scope)
        return reply(info)
    }

    private static func info(_ call: MLflowCall) async throws -> MLflowReply {
        reply(try await call.services.traces.info(call.place("trace"), in: call.scope))
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let page = try await call.services.search.traces(
            fields.searchOfAll("filter"), experiments: fields.texts("experiment_ids"), in: call.scope)
        return .object { text in
            text.field("traces", list: page.items) { text, info in text.object { $0.oldMembers(of: info) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }
}

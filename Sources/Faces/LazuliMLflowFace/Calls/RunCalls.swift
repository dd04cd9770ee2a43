import LazuliResources
import LazuliTracking

/// Calls that make, find and change runs.
enum RunCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/runs/create", .writeRuns, create),
        MLflowRow("GET", "2.0/mlflow/runs/get", .readRuns, get),
        MLflowRow("POST", "2.0/mlflow/runs/update", .writeRuns, update),
        MLflowRow("POST", "2.0/mlflow/runs/delete", .writeRuns, delete),
        MLflowRow("POST", "2.0/mlflow/runs/restore", .writeRuns, restore),
        MLflowRow("POST", "2.0/mlflow/runs/search", .readRuns, search),
    ]

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let run = try await call.services.runs.create(
            RunService.Draft(
                experimentID: fields.text("experiment_id") ?? "", user: fields.text("user_id") ?? "",
                startTime: fields.integer("start_time"), name: fields.text("run_name"), tags: fields.entries("tags")),
            in: call.scope)
        return reply(run)
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        reply(try await call.services.runs.get(call.fields.runID(), in: call.scope))
    }

    private static func reply(_ run: Run) -> MLflowReply {
        .object { $0.field("run") { $0.members(of: run) } }
    }

    private static func update(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let info = try await call.services.runs.update(
            fields.runID(), status: fields.runStatus("status"), endTime: fields.integer("end_time"),
            name: fields.text("run_name"), in: call.scope)
        return .object { $0.field("run_info") { $0.members(of: info) } }
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.runs.delete(call.fields.runID(), in: call.scope)
        return .empty
    }

    private static func restore(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.runs.restore(call.fields.runID(), in: call.scope)
        return .empty
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let limit = TrackingLimits.pageOfRuns
        if let asked = try fields.integer("max_results"), asked > limit {
            throw Fields.wrongType("max_results", fields["max_results"])
        }
        let page = try await call.services.search.runs(
            SearchRequest(
                filter: fields.text("filter"), orderBy: fields.texts("order_by"),
                view: fields.viewType("run_view_type"), maxResults: fields.integer("max_results"),
                pageToken: fields.text("page_token")),
            experiments: fields.texts("experiment_ids"), in: call.scope)
        return .object { text in
            text.reserve(page.items.count * 1500)
            text.field("runs", list: page.items) { text, run in text.object { $0.members(of: run) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }
}

extension Fields {
    private static let runStatuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]

    /// By name, or by protobuf's number.
    func runStatus(_ name: String) throws -> String? {
        switch self[name] {
        case .null: return nil
        case .string(let text) where Self.runStatuses.contains(text): return text
        case .integer(let number) where (1...5).contains(number): return Self.runStatuses[Int(number) - 1]
        case let other:
            throw TrackingFault.invalid(
                "Invalid value \(other.text) for parameter '\(name)' supplied. Use one of "
                    + Self.runStatuses.joined(separator: ", ") + ".", target: name)
        }
    }
}

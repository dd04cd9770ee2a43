import LazuliResources
import LazuliTracking

/// Calls on experiments.
enum ExperimentCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/experiments/create", .writeExperiments, create),
        MLflowRow("GET", "2.0/mlflow/experiments/get", .readExperiments, get),
        MLflowRow("GET", "2.0/mlflow/experiments/get-by-name", .readExperiments, getByName),
        MLflowRow("POST", "2.0/mlflow/experiments/update", .writeExperiments, update),
        MLflowRow("POST", "2.0/mlflow/experiments/delete", .writeExperiments, delete),
        MLflowRow("POST", "2.0/mlflow/experiments/restore", .writeExperiments, restore),
        MLflowRow("POST", "2.0/mlflow/experiments/set-experiment-tag", .writeExperiments, setTag),
        MLflowRow("POST", "2.0/mlflow/experiments/delete-experiment-tag", .writeExperiments, deleteTag),
        MLflowRow("POST", "2.0/mlflow/experiments/search", .readExperiments, search),
        MLflowRow("GET", "2.0/mlflow/experiments/search", .readExperiments, search),
        MLflowRow("POST", "2.0/mlflow/experiments/search-datasets", .readExperiments, searchDatasets),
    ]

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let id = try await call.services.experiments.create(
            name: call.fields.requiredText("name"), artifactLocation: call.fields.text("artifact_location"),
            tags: call.fields.entries("tags"), in: call.scope)
        return .object { $0.field("experiment_id", id) }
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        let id = try call.fields.requiredText("experiment_id")
        return reply(try await call.services.experiments.get(id, in: call.scope))
    }

    private static func getByName(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("experiment_name")
        return reply(try await call.services.experiments.get(name: name, in: call.scope))
    }

    private static func reply(_ experiment: Experiment) -> MLflowReply {
        .object { $0.field("experiment") { $0.members(of: experiment) } }
    }

    private static func update(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.experiments.rename(
            call.fields.requiredText("experiment_id"), to: call.fields.requiredText("new_name"), in: call.scope)
        return .empty
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.experiments.delete(call.fields.requiredText("experiment_id"), in: call.scope)
        return .empty
    }

    private static func restore(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.experiments.restore(call.fields.requiredText("experiment_id"), in: call.scope)
        return .empty
    }

    private static func setTag(_ call: MLflowCall) async throws -> MLflowReply {
        let id = try call.fields.requiredText("experiment_id")
        let tag = Entry(try call.fields.requiredText("key"), try call.fields.text("value") ?? "")
        try await call.services.experiments.setTag(tag, of: id, in: call.scope)
        return .empty
    }

    private static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        let id = try call.fields.requiredText("experiment_id"), key = try call.fields.requiredText("key")
        try await call.services.experiments.deleteTag(key, of: id, in: call.scope)
        return .empty
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let page = try await call.services.search.experiments(
            SearchRequest(
                filter: fields.text("filter"), orderBy: fields.texts("order_by"), view: fields.viewType("view_type"),
                maxResults: fields.integer("max_results"), pageToken: fields.text("page_token")),
            in: call.scope)
        return .object { text in
            text.field("experiments", list: page.items) { text, item in text.object { $0.members(of: item) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }

    private static func searchDatasets(_ call: MLflowCall) async throws -> MLflowReply {
        let ids = try call.fields.texts("experiment_ids")
        guard !ids.isEmpty else {
            throw TrackingFault.invalid("SearchDatasets request must specify at least one experiment_id.")
        }
        let limit = TrackingLimits.experimentsPerDatasetSearch
        guard ids.count <= limit else {
            throw TrackingFault.invalid(
                "SearchDatasets request cannot specify more than \(limit) experiment_ids. "
                    + "Received \(ids.count) experiment_ids.")
        }
        let found = try await call.services.runs.datasets(ofExperiments: ids, in: call.scope)
        return .object { text in
            text.field("dataset_summaries", list: found) { text, item in
                text.object {
                    $0.field("experiment_id", String(item.experiment))
                    $0.field("name", item.name)
                    $0.field("digest", item.digest)
                    $0.field("context", item.context)
                }
            }
        }
    }
}

extension Fields {
    /// By name, or by protobuf's number.
    func viewType(_ name: String) throws -> ViewType {
        switch self[name] {
        case .null, .string("ACTIVE_ONLY"), .integer(1), .string("1"): .activeOnly
        case .string("DELETED_ONLY"), .integer(2), .string("2"): .deletedOnly
        case .string("ALL"), .integer(3), .string("3"): .all
        case let other: throw Self.wrongType(name, other)
        }
    }
}

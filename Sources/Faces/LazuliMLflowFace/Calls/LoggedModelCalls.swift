import LazuliResources
import LazuliTracking

/// Calls on logged models (MLflow 3).
enum LoggedModelCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/logged-models", .writeRuns, create),
        MLflowRow("POST", "2.0/mlflow/logged-models/search", .readRuns, search),
        MLflowRow("GET", "2.0/mlflow/logged-models/{model}", .readRuns, get),
        MLflowRow("PATCH", "2.0/mlflow/logged-models/{model}", .writeRuns, finish),
        MLflowRow("DELETE", "2.0/mlflow/logged-models/{model}", .writeRuns, body: .raw, delete),
        MLflowRow("POST", "2.0/mlflow/logged-models/{model}/params", .writeRuns, logParams),
        MLflowRow("PATCH", "2.0/mlflow/logged-models/{model}/tags", .writeRuns, setTags),
        MLflowRow("DELETE", "2.0/mlflow/logged-models/{model}/tags/{key}", .writeRuns, body: .raw, deleteTag),
    ]

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let model = try await call.services.loggedModels.create(
            LoggedModelService.Draft(
                experimentID: fields.requiredText("experiment_id"), name: fields.filledText("name"),
                modelType: fields.filledText("model_type"), sourceRunID: fields.filledText("source_run_id"),
                params: fields.entries("params"), tags: fields.entries("tags"),
                callingRunID: call.caller.run),
            in: call.scope)
        return reply(model)
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        let allowDeleted = try call.fields.flag("allow_deleted") ?? false
        return reply(
            try await call.services.loggedModels.get(
                call.place("model"), allowDeleted: allowDeleted, in: call.scope))
    }

    private static func reply(_ model: LoggedModel) -> MLflowReply {
        .object { $0.field("model") { $0.members(of: model) } }
    }

    private static func finish(_ call: MLflowCall) async throws -> MLflowReply {
        let value = call.fields["status"]
        guard !value.isNull else { throw Fields.missing("status") }
        let status = LoggedModelStatus.allCases.first {
            value.string == $0.wireName || value.wireInteger == $0.rawValue
        }
        guard let status else { throw Fields.wrongType("status", value) }
        return reply(try await call.services.loggedModels.finish(call.place("model"), status: status, in: call.scope))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.loggedModels.delete(call.place("model"), in: call.scope)
        return .empty
    }

    private static func logParams(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.loggedModels.logParams(
            call.fields.entries("params"), to: call.place("model"), in: call.scope)
        return .empty
    }

    private static func setTags(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.loggedModels.setTags(
            call.fields.entries("tags"), of: call.place("model"), in: call.scope)
        return .empty
    }

    private static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.loggedModels.deleteTag(call.place("key"), of: call.place("model"), in: call.scope)
        return .empty
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        guard fields.has("experiment_ids") else { throw Fields.missing("experiment_ids") }
        let request = LoggedModelSearch(
            experiments: try fields.texts("experiment_ids"), filter: try fields.filledText("filter"),
            datasets: try fields.list("datasets").map {
                LoggedModelSearch.DatasetFilter(
                    name: $0["dataset_name"].string ?? "", digest: $0["dataset_digest"].string)
            },
            orderBy: try fields.list("order_by").map { order in
                LoggedModelSearch.Order(
                    field: order["field_name"].string ?? "", isAscending: order["ascending"].bool ?? true,
                    datasetName: order["dataset_name"].string, datasetDigest: order["dataset_digest"].string)
            },
            maxResults: try fields.integer("max_results"), pageToken: try fields.filledText("page_token"))
        let page = try await call.services.search.loggedModels(request, in: call.scope)
        return .object { text in
            text.field("models", list: page.items) { text, model in text.object { $0.members(of: model) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }
}

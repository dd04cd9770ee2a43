import LazuliResources
import LazuliTracking

/// Calls on registered models and their aliases.
enum RegisteredModelCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/registered-models/create", .writeModels, create),
        MLflowRow("GET", "2.0/mlflow/registered-models/get", .readModels, get),
        MLflowRow("PATCH", "2.0/mlflow/registered-models/update", .writeModels, update),
        MLflowRow("POST", "2.0/mlflow/registered-models/rename", .writeModels, rename),
        MLflowRow("DELETE", "2.0/mlflow/registered-models/delete", .writeModels, delete),
        MLflowRow("GET", "2.0/mlflow/registered-models/search", .readModels, search),
        MLflowRow("POST", "2.0/mlflow/registered-models/get-latest-versions", .readModels, latestVersions),
        MLflowRow("GET", "2.0/mlflow/registered-models/get-latest-versions", .readModels, latestVersions),
        MLflowRow("POST", "2.0/mlflow/registered-models/set-tag", .writeModels, setTag),
        MLflowRow("DELETE", "2.0/mlflow/registered-models/delete-tag", .writeModels, deleteTag),
        MLflowRow("POST", "2.0/mlflow/registered-models/alias", .writeModels, setAlias),
        MLflowRow("DELETE", "2.0/mlflow/registered-models/alias", .writeModels, deleteAlias),
        MLflowRow("GET", "2.0/mlflow/registered-models/alias", .readModels, byAlias),
    ]

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.registry.create(
                call.fields.requiredText("name"), description: call.fields.text("description"),
                tags: call.fields.entries("tags"), in: call.scope))
    }

    private static func reply(_ model: RegisteredModel) -> MLflowReply {
        .object { $0.field("registered_model") { $0.members(of: model) } }
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        reply(try await call.services.registry.get(call.fields.requiredText("name"), in: call.scope))
    }

    private static func update(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), description = try call.fields.text("description")
        return reply(try await call.services.registry.update(name, description: description, in: call.scope))
    }

    private static func rename(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), newName = try call.fields.requiredText("new_name")
        return reply(try await call.services.registry.rename(name, to: newName, in: call.scope))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.registry.delete(call.fields.requiredText("name"), in: call.scope)
        return .empty
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let page = try await call.services.registrySearch.models(call.fields.searchRequest(), in: call.scope)
        return .object { text in
            text.field("registered_models", list: page.items) { text, item in text.object { $0.members(of: item) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }

    private static func latestVersions(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), stages = try call.fields.texts("stages")
        let found = try await call.services.registry.latestVersions(of: name, stages: stages, in: call.scope)
        return .object { text in
            text.field("model_versions", list: found) { text, item in text.object { $0.members(of: item) } }
        }
    }

    private static func setTag(_ call: MLflowCall) async throws -> MLflowReply {
        let tag = Entry(try call.fields.requiredText("key"), try call.fields.text("value") ?? "")
        try await call.services.registry.setTag(tag, of: call.fields.requiredText("name"), in: call.scope)
        return .empty
    }

    private static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), key = try call.fields.requiredText("key")
        try await call.services.registry.deleteTag(key, of: name, in: call.scope)
        return .empty
    }

    private static func setAlias(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.registry.setAlias(
            call.fields.requiredText("alias"), of: call.fields.requiredText("name"),
            version: call.fields.requiredText("version"), in: call.scope)
        return .empty
    }

    private static func deleteAlias(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), alias = try call.fields.requiredText("alias")
        try await call.services.registry.deleteAlias(alias, of: name, in: call.scope)
        return .empty
    }

    private static func byAlias(_ call: MLflowCall) async throws -> MLflowReply {
        let name = try call.fields.requiredText("name"), alias = try call.fields.requiredText("alias")
        let version = try await call.services.registry.version(alias: alias, of: name, in: call.scope)
        return .object { $0.field("model_version") { $0.members(of: version) } }
    }
}

extension Fields {
    /// The members that searches of the registry share.
    func searchRequest() throws -> SearchRequest {
        SearchRequest(
            filter: try text("filter"), orderBy: try texts("order_by"), view: .activeOnly,
            maxResults: try integer("max_results"), pageToken: try filledText("page_token"))
    }
}

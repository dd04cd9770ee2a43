import LazuliResources
import LazuliTracking

/// Calls on versions of registered models.
enum ModelVersionCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "2.0/mlflow/model-versions/create", .writeModels, create),
        MLflowRow("GET", "2.0/mlflow/model-versions/get", .readModels, get),
        MLflowRow("PATCH", "2.0/mlflow/model-versions/update", .writeModels, update),
        MLflowRow("DELETE", "2.0/mlflow/model-versions/delete", .writeModels, delete),
        MLflowRow("POST", "2.0/mlflow/model-versions/transition-stage", .writeModels, move),
        MLflowRow("GET", "2.0/mlflow/model-versions/get-download-uri", .readModels, downloadURI),
        MLflowRow("GET", "2.0/mlflow/model-versions/search", .readModels, search),
        MLflowRow("POST", "2.0/mlflow/model-versions/set-tag", .writeModels, setTag),
        MLflowRow("DELETE", "2.0/mlflow/model-versions/delete-tag", .writeModels, deleteTag),
    ]

    private static func create(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let version = try await call.services.registry.createVersion(
            RegistryService.VersionDraft(
                name: fields.requiredText("name"), source: fields.requiredText("source"),
                runID: fields.filledText("run_id"), runLink: fields.filledText("run_link"),
                modelID: fields.filledText("model_id"), description: fields.text("description"),
                tags: fields.entries("tags"), user: call.caller.name),
            in: call.scope)
        return reply(version)
    }

    private static func reply(_ version: ModelVersion) -> MLflowReply {
        .object { $0.field("model_version") { $0.members(of: version) } }
    }

    private static func named(_ call: MLflowCall) throws -> (name: String, version: String) {
        (try call.fields.requiredText("name"), try call.fields.requiredText("version"))
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call)
        return reply(try await call.services.registry.version(version, of: name, in: call.scope))
    }

    private static func update(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call), description = try call.fields.text("description")
        return reply(
            try await call.services.registry.updateVersion(version, of: name, description: description, in: call.scope))
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call)
        try await call.services.registry.deleteVersion(version, of: name, in: call.scope)
        return .empty
    }

    private static func move(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call)
        return reply(
            try await call.services.registry.move(
                version, of: name, to: call.fields.requiredText("stage"),
                archivingOthers: call.fields.flag("archive_existing_versions") ?? false, in: call.scope))
    }

    private static func downloadURI(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call)
        let found = try await call.services.registry.version(version, of: name, in: call.scope)
        return .object { $0.field("artifact_uri", found.downloadURI) }
    }

    private static func search(_ call: MLflowCall) async throws -> MLflowReply {
        let page = try await call.services.registrySearch.versions(call.fields.searchRequest(), in: call.scope)
        return .object { text in
            text.field("model_versions", list: page.items) { text, item in text.object { $0.members(of: item) } }
            text.field("next_page_token", page.nextPageToken)
        }
    }

    private static func setTag(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call)
        let tag = Entry(try call.fields.requiredText("key"), try call.fields.text("value") ?? "")
        try await call.services.registry.setTag(tag, of: version, name, in: call.scope)
        return .empty
    }

    private static func deleteTag(_ call: MLflowCall) async throws -> MLflowReply {
        let (name, version) = try named(call)
        try await call.services.registry.deleteTag(call.fields.requiredText("key"), of: version, name, in: call.scope)
        return .empty
    }
}

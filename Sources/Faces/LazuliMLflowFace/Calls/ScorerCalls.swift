import LazuliResources
import LazuliTracking

/// Calls on scorers.
enum ScorerCalls {
    static let rows: [MLflowRow] = [
        MLflowRow("POST", "3.0/mlflow/scorers/register", .writeExperiments, register),
        MLflowRow("GET", "3.0/mlflow/scorers/list", .readExperiments, list),
        MLflowRow("GET", "3.0/mlflow/scorers/versions", .readExperiments, versions),
        MLflowRow("GET", "3.0/mlflow/scorers/get", .readExperiments, get),
        MLflowRow("DELETE", "3.0/mlflow/scorers/delete", .writeExperiments, delete),
    ]

    private static func register(_ call: MLflowCall) async throws -> MLflowReply {
        let fields = call.fields
        let scorer = try await call.services.scorers.register(
            fields.requiredText("serialized_scorer"), as: fields.requiredText("name"),
            ofExperiment: fields.requiredText("experiment_id"), in: call.scope)
        return .object { text in
            text.field("version", scorer.version)
            text.field("scorer_id", scorer.scorerID)
            text.field("experiment_id", String(scorer.experiment))
            text.field("name", scorer.name)
            text.field("serialized_scorer", scorer.content)
            text.field("creation_time", scorer.createdAt)
        }
    }

    private static func list(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.scorers.list(
                ofExperiment: call.fields.filledText("experiment_id"), in: call.scope))
    }

    private static func versions(_ call: MLflowCall) async throws -> MLflowReply {
        reply(
            try await call.services.scorers.versions(
                of: call.fields.requiredText("name"), ofExperiment: call.fields.requiredText("experiment_id"),
                in: call.scope))
    }

    private static func get(_ call: MLflowCall) async throws -> MLflowReply {
        let scorer = try await call.services.scorers.get(
            call.fields.requiredText("name"), version: version(call.fields),
            ofExperiment: call.fields.requiredText("experiment_id"), in: call.scope)
        return .object { $0.field("scorer") { $0.members(of: scorer) } }
    }

    private static func delete(_ call: MLflowCall) async throws -> MLflowReply {
        try await call.services.scorers.delete(
            call.fields.requiredText("name"), version: version(call.fields),
            ofExperiment: call.fields.requiredText("experiment_id"), in: call.scope)
        return .empty
    }

    /// Clients send 0 for "any".
    private static func version(_ fields: Fields) throws -> Int64? {
        try fields.integer("version").flatMap { $0 == 0 ? nil : $0 }
    }

    private static func reply(_ scorers: [Scorer]) -> MLflowReply {
        .object { $0.field("scorers", list: scorers) { text, scorer in text.object { $0.members(of: scorer) } } }
    }
}

extension JSONText {
    mutating func members(of scorer: Scorer) {
        field("experiment_id", scorer.experiment)
        field("scorer_name", scorer.name)
        field("scorer_version", scorer.version)
        field("serialized_scorer", scorer.content)
        field("creation_time", scorer.createdAt)
        field("scorer_id", scorer.scorerID)
    }
}

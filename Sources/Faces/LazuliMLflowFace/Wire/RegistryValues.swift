import LazuliTracking

/// How the registry's values look on the wire.
extension JSONText {
    mutating func members(of model: RegisteredModel) {
        field("name", model.name)
        field("creation_timestamp", model.createdAt)
        field("last_updated_timestamp", model.updatedAt)
        field("description", model.description)
        field("latest_versions", list: model.latest) { text, version in text.object { $0.members(of: version) } }
        entries("tags", model.tags)
        field("aliases", list: model.aliases) { text, alias in
            text.object {
                $0.field("alias", alias.alias)
                $0.field("version", String(alias.version))
            }
        }
    }

    mutating func members(of version: ModelVersion) {
        field("name", version.name)
        field("version", String(version.version))
        field("creation_timestamp", version.createdAt)
        field("last_updated_timestamp", version.updatedAt)
        field("user_id", version.user)
        field("current_stage", version.stage.rawValue)
        // What a version lacks is the empty text; of a model it is left out.
        field("description", version.description ?? "")
        field("source", version.source)
        field("run_id", version.runID ?? "")
        field("status", "READY")
        field("run_link", version.runLink ?? "")
        field("model_id", version.modelID)
        entries("tags", version.tags)
        field("aliases", list: version.aliases) { $0.element($1) }
    }
}

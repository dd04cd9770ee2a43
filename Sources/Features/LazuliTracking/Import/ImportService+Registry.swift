import GRDB
import LazuliPersistence
public import LazuliResources

/// Taking registered models in: their versions keep their numbers, times and stages.
extension ImportService {
    /// - Returns: one outcome for the model and one for each version (`name/version`).
    public func add(_ model: ImportedRegisteredModel, in scope: WorkspaceScope) async -> [ImportOutcome] {
        let first = await outcome(of: model.name, in: scope) { database, workspace in
            try RegistryRules.checkName(model.name)
            try RegisteredModelTable.adoptAssets(scope, workspace: workspace, database)
            guard try RegisteredModelTable.find(model.name, workspace: workspace, database) == nil else {
                return ImportOutcome(model.name, .present)
            }
            try RegisteredModelTable.insert(
                model.name, description: model.description, tags: model.tags, at: model.createdAt,
                workspace: workspace, database)
            return ImportOutcome(model.name, .created)
        }
        guard first.state != .failed else { return [first] }
        var outcomes = [first]
        for version in model.versions { outcomes.append(await add(version, in: scope)) }
        let last = await outcome(of: model.name, in: scope) { database, workspace in
            try Self.finish(model, isNew: first.state == .created, scope, workspace, database)
            return first
        }
        return last.state == .failed ? outcomes + [last] : outcomes
    }

    private func add(_ version: ImportedRegisteredModel.Version, in scope: WorkspaceScope) async -> ImportOutcome {
        let draft = version.draft, id = "\(draft.name)/\(version.version)"
        return await outcome(of: id, in: scope) { database, workspace in
            if let old = try ModelDocuments.find(draft.name, version.version, scope, database) {
                guard old.createdAt == version.createdAt else {
                    return ImportOutcome(
                        id, .clash,
                        "\(draft.name) has another version \(version.version) here. It was left as it is.")
                }
                return ImportOutcome(id, .present)
            }
            try Self.insert(version, scope, workspace, database)
            return ImportOutcome(id, .created)
        }
    }

    private static func insert(
        _ version: ImportedRegisteredModel.Version, _ scope: WorkspaceScope, _ workspace: Int64, _ database: Database
    ) throws {
        let draft = version.draft
        guard version.version > 0 else {
            throw TrackingFault.invalidValue("version", String(version.version), because: "Versions begin at 1.")
        }
        let origin = try ModelOrigin(draft, scope, workspace, database)
        var made = ModelVersion(
            name: draft.name, version: version.version, createdAt: version.createdAt, updatedAt: version.updatedAt,
            description: draft.description, user: draft.user, stage: .none, source: origin.source,
            downloadURI: origin.downloadURI, runID: origin.runID, runLink: draft.runLink, modelID: origin.modelID,
            tags: draft.tags)
        try ModelDocuments.insert(made, modelURI: origin.modelURI, scope, database)
        made.stage = try ModelStage(named: version.stage.isEmpty ? ModelStage.none.rawValue : version.stage)
        if let document = try ModelDocuments.find(draft.name, version.version, scope, database) {
            try ModelDocuments.update(document, made, at: version.updatedAt, database)
        }
    }

    /// Sets the aliases that are free and, on a new model, the time of its last change.
    private static func finish(
        _ model: ImportedRegisteredModel, isNew: Bool, _ scope: WorkspaceScope, _ workspace: Int64,
        _ database: Database
    ) throws {
        var row = try RegisteredModelTable.require(model.name, workspace: workspace, database)
        for (alias, version) in model.aliases
        where try ModelDocuments.find(model.name, version, scope, database) != nil {
            try database.execute(
                sql: "INSERT OR IGNORE INTO registeredModelAlias (registeredModelID, alias, version) VALUES (?, ?, ?)",
                arguments: [row.id, alias, version])
        }
        row.lastVersion = max(row.lastVersion, model.versions.map(\.version).max() ?? 0)
        if isNew { row.updatedAt = model.updatedAt }
        try RegisteredModelTable.update(row, database)
    }
}

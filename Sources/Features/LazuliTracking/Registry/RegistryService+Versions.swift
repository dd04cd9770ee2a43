import GRDB
import LazuliPersistence
public import LazuliResources

/// Versions of registered models.
extension RegistryService {
    /// What a client says of a version it registers.
    public struct VersionDraft: Sendable {
        public var name: String
        public var source: String
        public var runID: String?
        public var runLink: String?
        public var modelID: String?
        public var description: String?
        public var tags: [Entry]
        public var user: String

        public init(
            name: String, source: String, runID: String?, runLink: String?, modelID: String?, description: String?,
            tags: [Entry], user: String
        ) {
            self.name = name
            self.source = source
            self.runID = runID
            self.runLink = runLink
            self.modelID = modelID
            self.description = description
            self.tags = tags
            self.user = user
        }
    }

    public func createVersion(_ draft: VersionDraft, in scope: WorkspaceScope) async throws -> ModelVersion {
        try RegistryRules.checkName(draft.name)
        for tag in draft.tags { try RegistryRules.checkTag(tag) }
        let now = store.clock.now()
        return try await write(scope) { database, workspace in
            var row = try RegisteredModelTable.require(draft.name, workspace: workspace, database)
            let origin = try ModelOrigin(draft, scope, workspace, database)
            let newest = try ModelDocuments.all(draft.name, scope, database).compactMap { Int64($0.key.version) }.max()
            row.lastVersion = max(row.lastVersion, newest ?? 0) + 1
            row.updatedAt = now
            try RegisteredModelTable.update(row, database)
            let version = ModelVersion(
                name: draft.name, version: row.lastVersion, createdAt: now, updatedAt: now,
                description: draft.description, user: draft.user, stage: .none, source: origin.source,
                downloadURI: origin.downloadURI, runID: origin.runID, runLink: draft.runLink, modelID: origin.modelID,
                tags: draft.tags)
            try ModelDocuments.insert(version, modelURI: origin.modelURI, scope, database)
            if let modelID = draft.modelID {
                try LoggedModelTable.noteVersion(
                    version.version, of: version.name, on: modelID, workspace: workspace, database)
            }
            return version
        }
    }

    static func version(
        _ version: String, of row: RegisteredModelRow, _ scope: WorkspaceScope, _ database: Database
    ) throws -> ModelVersion {
        var found = try ModelDocuments.version(ModelDocuments.require(row.name, version, scope, database))
        found.aliases = try RegisteredModelTable.aliases(of: row.id, database)
            .filter { $0.version == found.version }.map(\.alias)
        return found
    }

    public func version(_ version: String, of name: String, in scope: WorkspaceScope) async throws -> ModelVersion {
        try RegistryRules.checkName(name)
        _ = try RegistryRules.checkVersion(version)
        return try await read(scope) { database, workspace in
            guard let row = try RegisteredModelTable.find(name, workspace: workspace, database) else {
                throw TrackingFault.notFound("Model Version (name=\(name), version=\(version)) not found")
            }
            return try Self.version(version, of: row, scope, database)
        }
    }

    /// What a change of a version leaves a mark on.
    private enum Touched { case nothing, version, versionAndModel }

    private func change(
        _ version: String, of name: String, in scope: WorkspaceScope, touching touched: Touched,
        _ body: @escaping @Sendable (inout ModelVersion) throws -> Void
    ) async throws -> ModelVersion {
        try RegistryRules.checkName(name)
        _ = try RegistryRules.checkVersion(version)
        let now = store.clock.now()
        return try await write(scope) { database, workspace in
            let document = try ModelDocuments.require(name, version, scope, database)
            var row = try RegisteredModelTable.require(name, workspace: workspace, database)
            var changed = try ModelDocuments.version(document)
            try body(&changed)
            try ModelDocuments.update(
                document, changed, at: touched == .nothing ? document.modifiedAt : now, database)
            if touched == .versionAndModel {
                row.updatedAt = now
                try RegisteredModelTable.update(row, database)
            }
            return try Self.version(version, of: row, scope, database)
        }
    }

    /// - Parameter description: nil leaves it as it is.
    public func updateVersion(
        _ version: String, of name: String, description: String?, in scope: WorkspaceScope
    ) async throws -> ModelVersion {
        try await change(version, of: name, in: scope, touching: .version) {
            $0.description = description ?? $0.description
        }
    }

    public func setTag(_ tag: Entry, of version: String, _ name: String, in scope: WorkspaceScope) async throws {
        try RegistryRules.checkTag(tag)
        _ = try await change(version, of: name, in: scope, touching: .nothing) { found in
            found.tags.removeAll { $0.key == tag.key }
            found.tags.append(tag)
        }
    }

    public func deleteTag(_ key: String, of version: String, _ name: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkKey(key, at: "key")
        _ = try await change(version, of: name, in: scope, touching: .nothing) { $0.tags.removeAll { $0.key == key } }
    }

    /// Moves a version to a stage, and those that are there to the archive if asked.
    public func move(
        _ version: String, of name: String, to stageName: String, archivingOthers: Bool, in scope: WorkspaceScope
    ) async throws -> ModelVersion {
        let stage = try ModelStage(named: stageName)
        guard stage.isActive || !archivingOthers else {
            throw TrackingFault.invalid(
                "Model version transition cannot archive existing model versions because '\(stageName)' is not an "
                    + "Active stage. Valid stages are ['Staging', 'Production']", target: "stage")
        }
        let moved = try await change(version, of: name, in: scope, touching: .versionAndModel) { $0.stage = stage }
        guard archivingOthers else { return moved }
        let now = store.clock.now()
        try await write(scope) { database, _ in
            for document in try ModelDocuments.all(name, scope, database) where document.key.version != version {
                var other = try ModelDocuments.version(document)
                guard other.stage == stage else { continue }
                other.stage = .archived
                try ModelDocuments.update(document, other, at: now, database)
            }
        }
        return moved
    }

    public func deleteVersion(_ version: String, of name: String, in scope: WorkspaceScope) async throws {
        try RegistryRules.checkName(name)
        let number = try RegistryRules.checkVersion(version), now = store.clock.now()
        try await write(scope) { database, workspace in
            let document = try ModelDocuments.require(name, version, scope, database)
            var row = try RegisteredModelTable.require(name, workspace: workspace, database)
            row.lastVersion = max(row.lastVersion, number)
            row.updatedAt = now
            try RegisteredModelTable.update(row, database)
            try ModelDocuments.delete(document, database)
            try database.execute(
                sql: "DELETE FROM registeredModelAlias WHERE registeredModelID = ? AND version = ?",
                arguments: [row.id, number])
        }
    }

    /// The newest version of each of the stages; of all stages when none is named.
    public func latestVersions(
        of name: String, stages: [String], in scope: WorkspaceScope
    ) async throws -> [ModelVersion] {
        let model = try await get(name, in: scope)
        let wanted = try stages.isEmpty ? ModelStage.allCases : stages.map(ModelStage.init(named:))
        return model.latest.filter { wanted.contains($0.stage) }
    }
}

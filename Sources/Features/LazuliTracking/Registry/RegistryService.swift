import GRDB
import LazuliPersistence
public import LazuliResources

/// MLflow's model registry. Its versions are the model assets of the workspace: what either client registers, the other
/// sees.
public struct RegistryService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// Reads, after names that only the management API has used are entered.
    func read<Value: Sendable>(
        _ scope: WorkspaceScope, _ body: @escaping @Sendable (Database, Int64) throws -> Value
    ) async throws -> Value {
        let lacks = try await store.read(scope) {
            try RegisteredModelTable.lacksAssets(scope, workspace: $1, $0)
        }
        if lacks { try await write(scope) { _, _ in } }
        return try await store.read(scope, body)
    }

    func write<Value: Sendable>(
        _ scope: WorkspaceScope, _ body: @escaping @Sendable (Database, Int64) throws -> Value
    ) async throws -> Value {
        try await store.write(scope) { database, workspace in
            try RegisteredModelTable.adoptAssets(scope, workspace: workspace, database)
            return try body(database, workspace)
        }
    }

    public func create(
        _ name: String, description: String?, tags: [Entry], in scope: WorkspaceScope
    ) async throws -> RegisteredModel {
        try RegistryRules.checkName(name)
        for tag in tags { try RegistryRules.checkTag(tag) }
        let now = store.clock.now()
        return try await write(scope) { database, workspace in
            if let row = try RegisteredModelTable.find(name, workspace: workspace, database) {
                let old = try RegisteredModelTable.filled(row, scope, database)
                throw RegistryRules.taken(
                    name, byPrompt: RegistryRules.isPrompt(old.tags), forPrompt: RegistryRules.isPrompt(tags))
            }
            try RegisteredModelTable.insert(
                name, description: description, tags: tags, at: now, workspace: workspace, database)
            return try Self.model(name, scope, workspace, database)
        }
    }

    private static func model(
        _ name: String, _ scope: WorkspaceScope, _ workspace: Int64, _ database: Database
    ) throws -> RegisteredModel {
        let row = try RegisteredModelTable.require(name, workspace: workspace, database)
        return try RegisteredModelTable.filled(row, scope, database)
    }

    public func get(_ name: String, in scope: WorkspaceScope) async throws -> RegisteredModel {
        try await read(scope) { try Self.model(name, scope, $1, $0) }
    }

    public func update(
        _ name: String, description: String?, in scope: WorkspaceScope
    ) async throws -> RegisteredModel {
        let now = store.clock.now()
        return try await write(scope) { database, workspace in
            var row = try RegisteredModelTable.require(name, workspace: workspace, database)
            row.description = description
            row.updatedAt = now
            try RegisteredModelTable.update(row, database)
            return try RegisteredModelTable.filled(row, scope, database)
        }
    }

    public func rename(
        _ name: String, to newName: String, in scope: WorkspaceScope
    ) async throws -> RegisteredModel {
        try RegistryRules.checkName(newName, parameter: "new_name")
        let now = store.clock.now()
        return try await write(scope) { database, workspace in
            var row = try RegisteredModelTable.require(name, workspace: workspace, database)
            guard try RegisteredModelTable.find(newName, workspace: workspace, database) == nil else {
                throw RegistryRules.taken(newName, byPrompt: false, forPrompt: false)
            }
            try ModelDocuments.rename(name, to: newName, scope, database)
            row.name = newName
            row.updatedAt = now
            try RegisteredModelTable.update(row, database)
            return try RegisteredModelTable.filled(row, scope, database)
        }
    }

    /// Deletes a model with all its versions; the files stay.
    public func delete(_ name: String, in scope: WorkspaceScope) async throws {
        try await write(scope) { database, workspace in
            let row = try RegisteredModelTable.require(name, workspace: workspace, database)
            for document in try ModelDocuments.all(name, scope, database) {
                try ModelDocuments.delete(document, database)
            }
            try database.execute(sql: "DELETE FROM registeredModel WHERE id = ?", arguments: [row.id])
        }
    }

    public func setTag(_ tag: Entry, of name: String, in scope: WorkspaceScope) async throws {
        try RegistryRules.checkTag(tag)
        try await write(scope) { database, workspace in
            let row = try RegisteredModelTable.require(name, workspace: workspace, database)
            try RegisteredModelTable.setTag(tag, of: row.id, database)
        }
    }

    /// Deleting a tag that is not there is no fault.
    public func deleteTag(_ key: String, of name: String, in scope: WorkspaceScope) async throws {
        try NameRules.checkKey(key, at: "key")
        try await write(scope) { database, workspace in
            let row = try RegisteredModelTable.require(name, workspace: workspace, database)
            try database.execute(
                sql: "DELETE FROM registeredModelTag WHERE registeredModelID = ? AND key = ?", arguments: [row.id, key])
        }
    }

    // MARK: Aliases

    public func setAlias(_ alias: String, of name: String, version: String, in scope: WorkspaceScope) async throws {
        try RegistryRules.checkName(name)
        try RegistryRules.checkNewAlias(alias)
        try await write(scope) { database, workspace in
            let row = try RegisteredModelTable.require(name, workspace: workspace, database)
            let document = try ModelDocuments.require(name, version, scope, database)
            try database.execute(
                sql: "INSERT OR REPLACE INTO registeredModelAlias (registeredModelID, alias, version) VALUES (?, ?, ?)",
                arguments: [row.id, alias, Int64(document.key.version)])
        }
    }

    public func deleteAlias(_ alias: String, of name: String, in scope: WorkspaceScope) async throws {
        try RegistryRules.checkAlias(alias)
        try await write(scope) { database, workspace in
            let row = try RegisteredModelTable.require(name, workspace: workspace, database)
            try database.execute(
                sql: "DELETE FROM registeredModelAlias WHERE registeredModelID = ? AND alias = ?",
                arguments: [row.id, alias])
        }
    }

    /// The version that an alias names; `latest` names the newest.
    public func version(alias: String, of name: String, in scope: WorkspaceScope) async throws -> ModelVersion {
        try RegistryRules.checkAlias(alias)
        return try await read(scope) { database, workspace in
            let row = try RegisteredModelTable.require(name, workspace: workspace, database)
            if alias.lowercased() == "latest" {
                guard
                    let last = try ModelDocuments.all(name, scope, database).compactMap({ Int64($0.key.version) }).max()
                else { throw TrackingFault.notFound("Latest version not found for model \(name).") }
                return try Self.version(String(last), of: row, scope, database)
            }
            guard let found = try RegisteredModelTable.aliases(of: row.id, database).first(where: { $0.alias == alias })
            else { throw TrackingFault.invalid("Registered model alias \(alias) not found.", target: "alias") }
            return try Self.version(String(found.version), of: row, scope, database)
        }
    }
}

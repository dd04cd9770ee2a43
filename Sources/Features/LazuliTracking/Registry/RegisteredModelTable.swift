import GRDB
import LazuliPersistence
import LazuliResources

/// A registered model as its row holds it.
struct RegisteredModelRow {
    let id: Int64
    var name: String
    var description: String?
    var lastVersion: Int64
    let createdAt: Int64
    var updatedAt: Int64

    static let columns = "id, name, description, lastVersion, createdAt, updatedAt"

    init(_ row: Row) {
        id = row[0]
        name = row[1]
        description = row[2]
        lastVersion = row[3]
        createdAt = row[4]
        updatedAt = row[5]
    }
}

/// The statements on registered models, their tags and aliases.
enum RegisteredModelTable {
    /// Enters the names that only the management API has used so far, so that both see the same models.
    static func adoptAssets(_ scope: WorkspaceScope, workspace: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO registeredModel (workspaceID, name, lastVersion, createdAt, updatedAt)
                SELECT ?, name, MAX(ordinal), MIN(createdAt), MAX(modifiedAt) FROM document
                WHERE kind = ? AND scope = ? AND ordinal > 0
                    AND name NOT IN (SELECT name FROM registeredModel WHERE workspaceID = ?)
                    AND COALESCE(json_extract(body, '$.properties.isAnonymous'), 0) = 0
                GROUP BY name
                """
        ).execute(arguments: [workspace, ModelDocuments.kind, scope.key, workspace])
    }

    /// Whether there are names that `adoptAssets` would enter.
    static func lacksAssets(_ scope: WorkspaceScope, workspace: Int64, _ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM document WHERE kind = ? AND scope = ? AND ordinal > 0
                    AND name NOT IN (SELECT name FROM registeredModel WHERE workspaceID = ?)
                    AND COALESCE(json_extract(body, '$.properties.isAnonymous'), 0) = 0)
                """)
        return try Bool.fetchOne(statement, arguments: [ModelDocuments.kind, scope.key, workspace]) ?? false
    }

    static func find(_ name: String, workspace: Int64, _ database: Database) throws -> RegisteredModelRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(RegisteredModelRow.columns) FROM registeredModel WHERE workspaceID = ? AND name = ?")
        return try Row.fetchOne(statement, arguments: [workspace, name]).map(RegisteredModelRow.init)
    }

    static func require(_ name: String, workspace: Int64, _ database: Database) throws -> RegisteredModelRow {
        try RegistryRules.checkName(name)
        guard let row = try find(name, workspace: workspace, database) else {
            throw TrackingFault.notFound("Registered Model with name=\(name) not found")
        }
        return row
    }

    static func insert(
        _ name: String, description: String?, tags: [Entry], at time: Int64, workspace: Int64, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO registeredModel (workspaceID, name, description, createdAt, updatedAt)
                VALUES (?, ?, ?, ?, ?)
                """, arguments: [workspace, name, description, time, time])
        let row = database.lastInsertedRowID
        for tag in tags { try setTag(tag, of: row, database) }
    }

    static func update(_ row: RegisteredModelRow, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE registeredModel SET name = ?, description = ?, lastVersion = ?, updatedAt = ? WHERE id = ?",
            arguments: [row.name, row.description, row.lastVersion, row.updatedAt, row.id])
    }

    static func setTag(_ tag: Entry, of row: Int64, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO registeredModelTag (registeredModelID, key, value) VALUES (?, ?, ?)",
            arguments: [row, tag.key, tag.value])
    }

    static func aliases(of row: Int64, _ database: Database) throws -> [ModelAlias] {
        let statement = try database.cachedStatement(
            sql: "SELECT alias, version FROM registeredModelAlias WHERE registeredModelID = ? ORDER BY alias")
        return try Row.fetchAll(statement, arguments: [row]).map { ModelAlias(alias: $0[0], version: $0[1]) }
    }

    /// The model with its tags, aliases and newest versions.
    static func filled(
        _ row: RegisteredModelRow, _ scope: WorkspaceScope, _ database: Database
    ) throws -> RegisteredModel {
        let tags = try Row.fetchAll(
            database, sql: "SELECT key, value FROM registeredModelTag WHERE registeredModelID = ? ORDER BY key",
            arguments: [row.id])
        var model = RegisteredModel(
            name: row.name, description: row.description, createdAt: row.createdAt, updatedAt: row.updatedAt,
            tags: tags.map { Entry($0[0], $0[1]) })
        model.aliases = try aliases(of: row.id, database)
        var newest: [ModelStage: ModelVersion] = [:]
        for document in try ModelDocuments.all(row.name, scope, database) {
            var version = try ModelDocuments.version(document)
            version.aliases = model.aliases.filter { $0.version == version.version }.map(\.alias)
            if version.version > newest[version.stage]?.version ?? 0 { newest[version.stage] = version }
        }
        model.latest = newest.values.sorted { $0.version < $1.version }
        // Versions that the management API registers leave no mark on the row.
        model.updatedAt = max(row.updatedAt, model.latest.map(\.createdAt).max() ?? 0)
        return model
    }
}

import GRDB
import LazuliPersistence
import LazuliResources

/// One workspace as it is stored.
struct WorkspaceRecord: Sendable, FetchableRecord {
    let scope: WorkspaceScope
    /// The GUID in `properties.workspaceId` and in container names.
    let guid: String
    /// The storage account that was made with the workspace.
    let account: String
    let text: String
    let createdAt: Int64
    let createdBy: String
    let modifiedAt: Int64

    init(row: Row) {
        scope = WorkspaceScope(
            subscription: row["subscription"], resourceGroup: row["resourceGroup"], workspace: row["name"])
        guid = row["guid"]
        account = row["account"]
        text = row["body"]
        createdAt = row["createdAt"]
        createdBy = row["createdBy"]
        modifiedAt = row["modifiedAt"]
    }

    func body() throws -> JSON {
        guard let body = try? JSON(parsing: text) else {
            throw ServiceError(.internalError, "The stored workspace \(scope.workspace) is damaged.")
        }
        return body
    }
}

/// The tables of workspaces, the groups they are in, and the storage accounts they own.
enum WorkspaceTable {
    static let migration = Migration(
        "workspaces-001-workspace",
        sql: """
            CREATE TABLE resourceGroup (
                key TEXT NOT NULL PRIMARY KEY,
                subscription TEXT NOT NULL,
                name TEXT NOT NULL,
                body TEXT NOT NULL CHECK (json_valid(body))
            ) WITHOUT ROWID;
            CREATE TABLE workspace (
                key TEXT NOT NULL PRIMARY KEY,
                guid TEXT NOT NULL UNIQUE,
                subscription TEXT NOT NULL,
                resourceGroup TEXT NOT NULL,
                name TEXT NOT NULL,
                account TEXT NOT NULL,
                body TEXT NOT NULL CHECK (json_valid(body)),
                createdAt INTEGER NOT NULL,
                createdBy TEXT NOT NULL,
                modifiedAt INTEGER NOT NULL
            );
            CREATE TABLE storageAccount (
                name TEXT NOT NULL PRIMARY KEY,
                workspace TEXT NOT NULL REFERENCES workspace (key) ON DELETE CASCADE
            ) WITHOUT ROWID;
            """)

    static func fetch(_ key: String, _ database: Database) throws -> WorkspaceRecord? {
        try WorkspaceRecord.fetchOne(database, sql: "SELECT * FROM workspace WHERE key = ?", arguments: [key])
    }

    static func insert(
        _ scope: WorkspaceScope, guid: String, account: String, body: JSON, by: String, at: Int64, _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO workspace VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                scope.key, guid, scope.subscription, scope.resourceGroup, scope.workspace, account, body.text, at, by,
                at,
            ])
        try database.execute(
            sql: "INSERT INTO storageAccount (name, workspace) VALUES (?, ?)", arguments: [account, scope.key])
    }

    static func ensureGroup(_ subscription: String, _ name: String, _ body: JSON, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO resourceGroup VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            arguments: ["\(subscription)/\(name)".lowercased(), subscription, name, body.text])
    }
}

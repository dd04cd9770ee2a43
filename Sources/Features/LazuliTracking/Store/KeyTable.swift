import GRDB

/// The names of metrics, params and tags, each stored once a workspace.
enum KeyTable {
    /// The key's number, or nil if nothing in the workspace was ever logged under this name.
    static func find(_ name: String, workspace: Int64, _ database: Database) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT id FROM trackingKey WHERE workspaceID = ? AND name = ?")
        return try Int64.fetchOne(statement, arguments: [workspace, name])
    }

    /// The key's number; the name is entered if it is new.
    static func id(of name: String, workspace: Int64, _ database: Database) throws -> Int64 {
        if let id = try find(name, workspace: workspace, database) { return id }
        let statement = try database.cachedStatement(sql: "INSERT INTO trackingKey (workspaceID, name) VALUES (?, ?)")
        try statement.execute(arguments: [workspace, name])
        return database.lastInsertedRowID
    }
}

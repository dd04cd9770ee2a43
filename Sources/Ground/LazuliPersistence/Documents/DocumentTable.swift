public import GRDB
public import LazuliResources

/// The table that holds the documents of every kind. Each function is one statement or a few inside the caller's step.
public enum DocumentTable {
    static let name = "document"

    public static let migration = Migration(
        "persistence-002-document",
        sql: """
            CREATE TABLE document (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                scope TEXT NOT NULL,
                name TEXT NOT NULL,
                version TEXT NOT NULL DEFAULT '',
                ordinal INTEGER NOT NULL DEFAULT 0,
                body TEXT NOT NULL CHECK (json_valid(body)),
                state TEXT NOT NULL DEFAULT '',
                fingerprint TEXT,
                archived INTEGER NOT NULL DEFAULT 0,
                revision INTEGER NOT NULL DEFAULT 1,
                createdAt INTEGER NOT NULL,
                createdBy TEXT NOT NULL,
                modifiedAt INTEGER NOT NULL,
                modifiedBy TEXT NOT NULL,
                UNIQUE (kind, scope, name, version)
            );
            CREATE INDEX documentByAge ON document (kind, scope, archived, id);
            CREATE INDEX documentByFingerprint ON document (kind, scope, fingerprint) WHERE fingerprint IS NOT NULL;
            CREATE INDEX documentByState ON document (kind, state) WHERE state <> '';
            """)

    /// The number a version is ordered by: 0 for versions that are no whole numbers, or none that leave room above them.
    static func ordinal(ofVersion version: String) -> Int64 {
        guard let number = Int64(version), (0..<1 << 53).contains(number) else { return 0 }
        return number
    }

    public static func fetch(_ key: DocumentKey, _ database: Database) throws -> Document? {
        let statement = try database.cachedStatement(
            sql: "SELECT * FROM document WHERE kind = ? AND scope = ? AND name = ? AND version = ?")
        return try Document.fetchOne(statement, arguments: [key.kind, key.scope, key.name, key.version])
    }

    /// The version that the label `latest` means: the highest whole number, else the newest; archived ones aside.
    public static func latest(kind: String, scope: String, name: String, _ database: Database) throws -> Document? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT * FROM document WHERE kind = ? AND scope = ? AND name = ?
                ORDER BY archived, ordinal DESC, id DESC LIMIT 1
                """)
        return try Document.fetchOne(statement, arguments: [kind, scope, name])
    }

    /// The number after the highest whole-number version, 1 for a new name.
    public static func nextVersion(kind: String, scope: String, name: String, _ database: Database) throws -> Int64 {
        let sql = "SELECT MAX(ordinal) FROM document WHERE kind = ? AND scope = ? AND name = ?"
        return (try Int64.fetchOne(database, sql: sql, arguments: [kind, scope, name]) ?? 0) + 1
    }

    /// The names there are of a kind, for suggestions.
    public static func names(kind: String, scope: String, _ database: Database) throws -> [String] {
        let sql = "SELECT DISTINCT name FROM document WHERE kind = ? AND scope = ? LIMIT 1000"
        return try String.fetchAll(database, sql: sql, arguments: [kind, scope])
    }

    /// The keys of a kind in every scope, oldest first.
    /// - Parameter name: the documents of that name alone, in any case.
    public static func keys(kind: String, name: String? = nil, _ database: Database) throws -> [DocumentKey] {
        let sql = """
            SELECT scope, name, version FROM document WHERE kind = ? AND (? IS NULL OR name = ? COLLATE NOCASE) ORDER BY id
            """
        return try Row.fetchAll(database, sql: sql, arguments: [kind, name, name]).map { row in
            DocumentKey(kind: kind, scope: row["scope"], name: row["name"], version: row["version"])
        }
    }

    /// The versions there are of a name, oldest first.
    public static func versions(kind: String, scope: String, name: String, _ database: Database) throws -> [String] {
        let sql = "SELECT version FROM document WHERE kind = ? AND scope = ? AND name = ? ORDER BY id"
        return try String.fetchAll(database, sql: sql, arguments: [kind, scope, name])
    }

    public static func fetch(
        fingerprint: String, kind: String, scope: String, _ database: Database
    ) throws -> Document? {
        let sql = "SELECT * FROM document WHERE kind = ? AND scope = ? AND fingerprint = ? ORDER BY id LIMIT 1"
        return try Document.fetchOne(database, sql: sql, arguments: [kind, scope, fingerprint])
    }

    /// What a caller wants stored.
    public struct Draft: Sendable {
        public var key: DocumentKey
        public var body: JSON
        public var state: String
        public var fingerprint: String?
        public var isArchived: Bool
        public var by: String
        /// Milliseconds since 1970.
        public var at: Int64

        public init(
            key: DocumentKey, body: JSON, state: String = "", fingerprint: String? = nil, isArchived: Bool = false,
            by: String, at: Int64
        ) {
            self.key = key
            self.body = body
            self.state = state
            self.fingerprint = fingerprint
            self.isArchived = isArchived
            self.by = by
            self.at = at
        }
    }

    /// Stores the draft as a new document or over the one of the same key.
    /// - Returns: the document as stored, and whether it is new.
    @discardableResult
    public static func upsert(_ draft: Draft, _ database: Database) throws -> Document {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO document (kind, scope, name, version, ordinal, body, state, fingerprint, archived,
                    createdAt, createdBy, modifiedAt, modifiedBy)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?10, ?11)
                ON CONFLICT (kind, scope, name, version) DO UPDATE SET
                    body = excluded.body, state = excluded.state, fingerprint = excluded.fingerprint,
                    archived = excluded.archived, revision = revision + 1,
                    modifiedAt = excluded.modifiedAt, modifiedBy = excluded.modifiedBy
                RETURNING *
                """)
        let key = draft.key
        let arguments: StatementArguments = [
            key.kind, key.scope, key.name, key.version, ordinal(ofVersion: key.version), draft.body.text, draft.state,
            draft.fingerprint, draft.isArchived, draft.at, draft.by,
        ]
        guard let document = try Document.fetchOne(statement, arguments: arguments) else {
            throw ServiceError(.internalError, "The document \(key.kind)/\(key.name) was not stored.")
        }
        return document
    }

    /// Changes the body and state of a document that exists, keeping who made it and when.
    public static func update(
        _ document: Document, body: JSON, state: String, by: String, at: Int64, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE document SET body = ?, state = ?, revision = revision + 1, modifiedAt = ?, modifiedBy = ?
                WHERE id = ?
                """,
            arguments: [body.text, state, at, by, document.id])
    }

    public static func setArchived(_ isArchived: Bool, _ document: Document, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE document SET archived = ?, revision = revision + 1 WHERE id = ?",
            arguments: [isArchived, document.id])
    }

    public static func delete(_ document: Document, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [document.id])
    }

    /// Deletes everything that lives in a scope or below it.
    public static func deleteAll(below scope: String, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM document WHERE scope = ?1 OR (scope > ?1 || '/' AND scope < ?1 || '0')",
            arguments: [scope])
    }
}

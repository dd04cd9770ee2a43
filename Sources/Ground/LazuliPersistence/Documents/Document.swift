public import GRDB
public import LazuliResources

/// What names a document: its kind, the scope it lives in, its name, and its version where the kind has versions.
public struct DocumentKey: Hashable, Sendable {
    public let kind: String
    /// The workspace's key, or for a child its parent's (`sub/group/ws/onlineendpoints/name`).
    public let scope: String
    public let name: String
    /// Empty for kinds without versions.
    public let version: String

    public init(kind: String, scope: String, name: String, version: String = "") {
        self.kind = kind
        self.scope = scope
        self.name = name
        self.version = version
    }
}

/// One resource as it is stored: its envelope members and properties as JSON text, and what the server knows of it.
public struct Document: Sendable, FetchableRecord {
    public let id: Int64
    public let key: DocumentKey
    /// A JSON object: `properties` and the envelope members that the client may set (`tags`, `location`, …).
    public let text: String
    public let state: String
    public let isArchived: Bool
    /// Rises by one with each change; shown as the entity tag.
    public let revision: Int64
    /// Milliseconds since 1970.
    public let createdAt: Int64
    public let createdBy: String
    public let modifiedAt: Int64
    public let modifiedBy: String

    public init(row: Row) {
        id = row["id"]
        key = DocumentKey(kind: row["kind"], scope: row["scope"], name: row["name"], version: row["version"])
        text = row["body"]
        state = row["state"]
        isArchived = row["archived"]
        revision = row["revision"]
        createdAt = row["createdAt"]
        createdBy = row["createdBy"]
        modifiedAt = row["modifiedAt"]
        modifiedBy = row["modifiedBy"]
    }

    /// - Throws: `internalError` if the stored text is not JSON, which only a damaged file can cause.
    public func body() throws -> JSON {
        do {
            return try JSON(parsing: text)
        } catch {
            throw ServiceError(
                .internalError, "The stored document \(key.kind)/\(key.name) is damaged: \(error.reason).")
        }
    }

    public var entityTag: String { "\"\(id)-\(revision)\"" }
}

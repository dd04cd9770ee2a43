public import LazuliResources
import GRDB

/// The verbs of versioned kinds: containers (one name with its versions) and lists of versions.
extension DocumentService {
    /// `GET /{segment}/{name}/versions`, with `$orderBy=createdtime desc&$top=1` as clients ask for the latest.
    public func listVersions(_ call: Call) async throws -> Reply {
        let name = try call.parameter("name"), scope = try kind.scope(for: call)
        if call.query["$orderby"] != nil, call.query["$top"] == "1" {
            let kindName = kind.tableName
            let latest = try await database.read {
                try DocumentTable.latest(kind: kindName, scope: scope, name: name, $0)
            }
            return .page(
                try await latest.asyncMap { [try await resource($0, call)] } ?? [], next: nil, of: call, path: "")
        }
        let order: DocumentQuery.Order = call.query["$orderby"] == nil ? .oldestFirst : .newestFirst
        let query = try DocumentQuery(kind: kind.tableName, scope: scope, name: name, order: order, call: call)
        return try await page(query, call, path: "\(kind.collectionPath(for: call))/\(name)/versions")
    }

    /// `GET /{segment}/{name}`: what is the latest version, and what would be the next.
    public func getContainer(_ call: Call) async throws -> Reply {
        let key = DocumentKey(kind: kind.tableName, scope: try kind.scope(for: call), name: try call.parameter("name"))
        let found = try await database.read { try Container.fetch(key, $0) }
        guard let found else { throw try await notFound(key, try call.workspaceScope()) }
        return .json(200, try container(found, call))
    }

    /// `GET /{segment}`: one item a name.
    public func listContainers(_ call: Call) async throws -> Reply {
        let query = try DocumentQuery(
            kind: kind.tableName, scope: kind.scope(for: call), order: kind.listOrder, call: call)
        let (found, next) = try await database.read { try Container.list(query, $0) }
        let values = try found.map { try container($0, call) }
        return .page(values, next: next, of: call, path: try kind.collectionPath(for: call))
    }

    /// `PUT /{segment}/{name}` changes what all versions share: whether the name is archived.
    public func putContainer(_ call: Call) async throws -> Reply {
        guard let isArchived = call.body["properties"]["isArchived"].bool else { return try await getOrAccept(call) }
        let scope = try kind.scope(for: call), name = try call.parameter("name"), kindName = kind.tableName
        let query = DocumentQuery(kind: kindName, scope: scope, name: name, view: .all, pageSize: .max - 1)
        try await database.write { database in
            for document in try query.run(database).documents {
                let body = try document.body().overlaid(with: ["properties": ["isArchived": .bool(isArchived)]])
                try DocumentTable.update(
                    document, body: body, state: document.state, by: document.modifiedBy, at: document.modifiedAt,
                    database)
                try DocumentTable.setArchived(isArchived, document, database)
            }
        }
        return try await getContainer(call)
    }

    /// A container without versions is only a name: some clients make it first.
    private func getOrAccept(_ call: Call) async throws -> Reply {
        do {
            return try await getContainer(call)
        } catch let error as ServiceError where error.code == .notFound {
            let name = try call.parameter("name")
            try kind.nameRule.check(name, of: "a \(kind.singular)")
            let id = try kind.collectionPath(for: call) + "/" + name
            let properties: JSON = ["nextVersion": "1", "isArchived": false]
            return .json(201, ["id": .string(id), "name": .string(name), "properties": properties])
        }
    }

    private func container(_ container: Container, _ call: Call) throws -> JSON {
        let latest = container.latest
        let properties = try latest.body()["properties"]
        var shown = JSONObject([
            ("latestVersion", .string(latest.key.version)), ("nextVersion", .string(String(container.nextVersion))),
            ("isArchived", .bool(latest.isArchived)), ("description", properties["description"]),
            ("tags", properties["tags"].isNull ? .emptyObject : properties["tags"]), ("properties", .emptyObject),
        ])
        for (key, value) in behaviour.containerProperties(properties) { shown[key] = value }
        return latest.resource(
            id: "\(try kind.collectionPath(for: call))/\(latest.key.name)", name: latest.key.name,
            type: "\(WorkspaceScope.provider)/workspaces/\(kind.segment)", body: ["properties": .object(shown)])
    }
}

/// One name of a versioned kind.
struct Container: Sendable {
    let latest: Document
    let nextVersion: Int64

    static func fetch(_ key: DocumentKey, _ database: Database) throws -> Container? {
        guard let latest = try DocumentTable.latest(kind: key.kind, scope: key.scope, name: key.name, database)
        else { return nil }
        let next = try DocumentTable.nextVersion(kind: key.kind, scope: key.scope, name: key.name, database)
        return Container(latest: latest, nextVersion: next)
    }

    /// A page of names in the order their first version was made. Anonymous assets are no one's to find by list.
    static func list(_ query: DocumentQuery, _ database: Database) throws -> ([Container], next: Int64?) {
        let archived: String =
            switch query.view {
            case .all: "1"
            case .active: "MIN(archived) = 0"
            case .archived: "MIN(archived) = 1"
            }
        let sql = """
            SELECT name, MIN(id) AS first FROM document
            WHERE kind = ? AND scope = ? AND COALESCE(json_extract(body, '$.properties.isAnonymous'), 0) = 0
            GROUP BY name HAVING \(archived) AND first > ? ORDER BY first LIMIT ?
            """
        let rows = try Row.fetchAll(
            database, sql: sql, arguments: [query.kind, query.scope, query.after ?? 0, query.pageSize + 1])
        let page = rows.prefix(query.pageSize)
        let containers = try page.compactMap { row in
            try fetch(DocumentKey(kind: query.kind, scope: query.scope, name: row["name"]), database)
        }
        return (containers, rows.count > query.pageSize ? page.last?["first"] : nil)
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}

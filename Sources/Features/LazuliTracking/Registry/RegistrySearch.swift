import GRDB
public import LazuliResources
import LazuliPersistence

/// Searching registered models and their versions.
public struct RegistrySearch: Sendable {
    let registry: RegistryService

    public init(store: TrackingStore) { registry = RegistryService(store: store) }

    static let promptTag = "mlflow.prompt.is_prompt"
    private static let usualModels = 100, mostModels = 1000, usualVersions = 10_000, mostVersions = 200_000

    public func models(_ request: SearchRequest, in scope: WorkspaceScope) async throws -> SearchPage<RegisteredModel> {
        let size = try Self.size(request, usual: Self.usualModels, most: Self.mostModels)
        let offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .registeredModels)
        let orders = try OrderParser.parse(request.orderBy, .registeredModels)
        return try await registry.read(scope) { database, workspace in
            var statement = SQLPiece(
                "SELECT \(RegisteredModelRow.columns) FROM registeredModel r WHERE r.workspaceID = ?", [workspace])
            statement.append("AND")
            statement.append(try Self.condition(filter, tags: Self.modelTags) { Self.modelColumn($0) })
            statement.append(
                "ORDER BY \(Self.ordering(orders, Self.modelColumn, last: ["r.name"])) LIMIT ? OFFSET ?",
                [size + 1, offset])
            let rows = try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
            let items = try rows.prefix(size).map {
                try RegisteredModelTable.filled(RegisteredModelRow($0), scope, database)
            }
            return SearchPage(
                items: items, nextPageToken: rows.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    public func versions(_ request: SearchRequest, in scope: WorkspaceScope) async throws -> SearchPage<ModelVersion> {
        let size = try Self.size(request, usual: Self.usualVersions, most: Self.mostVersions)
        let offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .modelVersions)
        let orders = try OrderParser.parse(request.orderBy, .modelVersions)
        return try await registry.read(scope) { database, workspace in
            var statement = SQLPiece(
                "SELECT * FROM document r WHERE r.kind = ? AND r.scope = ? AND r.ordinal > 0 AND",
                [ModelDocuments.kind, scope.key])
            statement.append(try Self.condition(filter, tags: Self.versionTags) { Self.versionColumn($0) })
            let last = (orders.isEmpty ? ["r.modifiedAt DESC"] : []) + ["r.name", "r.ordinal DESC"]
            let ordering = Self.ordering(orders, Self.versionColumn, last: last)
            statement.append("ORDER BY \(ordering) LIMIT ? OFFSET ?", [size + 1, offset])
            let found = try Document.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
            return SearchPage(
                items: try Self.filled(found.prefix(size), workspace, database),
                nextPageToken: found.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    private static func filled(
        _ documents: ArraySlice<Document>, _ workspace: Int64, _ database: Database
    ) throws -> [ModelVersion] {
        var aliases: [String: [ModelAlias]] = [:]
        return try documents.map { document in
            var version = try ModelDocuments.version(document)
            if aliases[version.name] == nil,
                let row = try RegisteredModelTable.find(version.name, workspace: workspace, database)
            {
                aliases[version.name] = try RegisteredModelTable.aliases(of: row.id, database)
            }
            version.aliases = (aliases[version.name] ?? []).filter { $0.version == version.version }.map(\.alias)
            return version
        }
    }

    private static func size(_ request: SearchRequest, usual: Int, most: Int) throws -> Int {
        guard let asked = request.maxResults else { return usual }
        guard asked >= 1 else {
            throw TrackingFault.invalid(
                "Invalid value for max_results. It must be a positive integer, but got \(asked)", target: "max_results")
        }
        guard asked <= most else {
            throw TrackingFault.invalid(
                "Invalid value for request parameter max_results. It must be at most \(most), but got value \(asked)",
                target: "max_results")
        }
        return Int(asked)
    }

    private static let modelTags =
        "SELECT t.value FROM registeredModelTag t WHERE t.registeredModelID = r.id AND t.key = ?"
    private static let versionTags =
        "SELECT t.value FROM json_each(r.body, '$.properties.tags') t WHERE t.key = ?"

    /// - Parameter tags: a query of a tag's value, by its key.
    private static func condition(
        _ filter: FilterExpression?, tags: String, column: (String) -> String
    ) throws -> SQLPiece {
        // Prompts live in the registry too and are shown only to those who ask for them.
        var whole = SQLPiece("COALESCE((\(tags)), 'false') <> 'true'", [promptTag])
        guard let filter else { return whole }
        let asked = try SQLPiece.condition(filter) { comparison in
            guard comparison.field.entity == .tag else { return comparison.compares(column(comparison.field.key)) }
            let missing = comparison.field.key == promptTag ? "'false'" : "NULL"
            let value = comparison.compares("COALESCE((\(tags)), \(missing))")
            return SQLPiece("COALESCE(\(value.sql), 0)", [comparison.field.key] + value.arguments)
        }
        if filter.mentions(SearchField(entity: .tag, key: promptTag)) { return asked }
        whole.append("AND")
        whole.append(asked)
        return whole
    }

    private static func ordering(_ orders: [SearchOrder], _ column: (String) -> String, last: [String]) -> String {
        (orders.map { "\(column($0.field.key)) \($0.isAscending ? "ASC" : "DESC")" } + last).joined(separator: ", ")
    }

    private static func modelColumn(_ attribute: String) -> String {
        switch attribute {
        case "last_updated_timestamp": "r.updatedAt"
        default: "r.name"
        }
    }

    private static func versionColumn(_ attribute: String) -> String {
        switch attribute {
        case "version_number": "r.ordinal"
        case "run_id": "json_extract(r.body, '$.properties.jobName')"
        case "source_path":
            "COALESCE(json_extract(r.body, '$.properties.properties.\"\(ModelDocuments.Property.source)\"'), "
                + "json_extract(r.body, '$.properties.modelUri'))"
        case "creation_timestamp": "r.createdAt"
        case "last_updated_timestamp": "r.modifiedAt"
        default: "r.name"
        }
    }
}

extension FilterExpression {
    func mentions(_ field: SearchField) -> Bool {
        switch self {
        case .comparison(let comparison): comparison.field == field
        case .all(let parts), .any(let parts): parts.contains { $0.mentions(field) }
        case .not(let inner): inner.mentions(field)
        }
    }
}

extension SearchGrammar {
    static let registeredModels = SearchGrammar(
        entities: ["attribute": .attribute, "tag": .tag, "tags": .tag], attributes: ["name": .text],
        aliases: ["timestamp": "last_updated_timestamp"],
        orderable: ["last_updated_timestamp"], listable: ["name"],
        entityHint: "Valid entity types are ('attribute', 'tag', 'tags')", orderWord: "order by")

    static let modelVersions = SearchGrammar(
        entities: ["attribute": .attribute, "tag": .tag, "tags": .tag],
        attributes: [
            "name": .text, "run_id": .text, "source_path": .text, "version_number": .number,
            "creation_timestamp": .number, "last_updated_timestamp": .number,
        ],
        aliases: [:], orderable: [], unorderable: ["run_id", "source_path"], listable: ["name", "run_id"],
        entityHint: "Valid entity types are ('attribute', 'tag', 'tags')")
}

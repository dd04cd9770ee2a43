public import GRDB
public import LazuliResources

/// Which documents of a kind a list asks for, one page at a time.
public struct DocumentQuery: Sendable {
    public enum View: String, Sendable { case active = "activeonly", archived = "archivedonly", all = "all" }
    public enum Order: Sendable { case oldestFirst, newestFirst }

    public var kind: String
    public var scope: String
    /// Only documents of this name; for lists of versions.
    public var name: String?
    public var view: View
    /// Only documents of this state; nil for all.
    public var state: String?
    public var order: Order
    public var pageSize: Int
    /// The row id after which the page begins.
    public var after: Int64?
    /// JSON paths of members of the body that must be true.
    public var flags: [String] = []
    /// JSON paths of members of the body that must not be true.
    public var unset: [String] = []

    public static let defaultPageSize = 100
    public static let largestPageSize = 1000

    public init(
        kind: String, scope: String, name: String? = nil, view: View = .active, order: Order = .oldestFirst,
        pageSize: Int = defaultPageSize, after: Int64? = nil
    ) {
        self.kind = kind
        self.scope = scope
        self.name = name
        self.view = view
        self.order = order
        self.pageSize = pageSize
        self.after = after
    }

    /// The page a call asks for by `$top`, `$skip` (our own page mark), `listViewType` and `tag`.
    /// - Throws: `invalidArgument` for a page mark or size that is no number.
    public init(kind: String, scope: String, name: String? = nil, order: Order, call: Call) throws {
        self.init(kind: kind, scope: scope, name: name, order: order)
        view = call.query["listviewtype"].flatMap { View(rawValue: $0.lowercased()) } ?? .active
        if let mark = call.query["$skip"] ?? call.query["$skiptoken"] { after = try Self.number(mark, "$skip") }
        if let top = call.query["$top"] ?? call.query["count"] {
            let wanted = try Self.number(top, "$top")
            guard wanted > 0 else {
                throw ServiceError(.invalidArgument, "$top is \(wanted); it must be at least 1.", target: "$top")
            }
            pageSize = Int(min(wanted, Int64(Self.largestPageSize)))
        }
    }

    private static func number(_ text: String, _ name: String) throws -> Int64 {
        guard let number = Int64(text) else {
            throw ServiceError(.invalidArgument, "\(name) is \"\(text)\"; it must be a whole number.", target: name)
        }
        return number
    }

    /// The page's documents, and the mark of the next page if there is one.
    public func run(_ database: Database) throws -> (documents: [Document], next: Int64?) {
        var conditions = ["kind = ?", "scope = ?"]
        var arguments: [any DatabaseValueConvertible] = [kind, scope]
        if let name {
            conditions.append("name = ?")
            arguments.append(name)
        }
        if view != .all {
            conditions.append("archived = ?")
            arguments.append(view == .archived)
        }
        if let state {
            conditions.append("state = ?")
            arguments.append(state)
        }
        if let after {
            conditions.append(order == .oldestFirst ? "id > ?" : "id < ?")
            arguments.append(after)
        }
        for path in flags {
            conditions.append("json_extract(body, ?) = 1")
            arguments.append(path)
        }
        for path in unset {
            conditions.append("COALESCE(json_extract(body, ?), 0) = 0")
            arguments.append(path)
        }
        let direction = order == .oldestFirst ? "ASC" : "DESC"
        let sql =
            "SELECT * FROM document WHERE \(conditions.joined(separator: " AND ")) ORDER BY id \(direction) LIMIT ?"
        arguments.append(pageSize + 1)
        let found = try Document.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
        let page = Array(found.prefix(pageSize))
        return (page, found.count > pageSize ? page.last?.id : nil)
    }
}

import Foundation
import GRDB
public import LazuliResources

/// A search of runs or experiments as clients word it.
public struct SearchRequest: Sendable {
    public var filter: String?
    public var orderBy: [String]
    public var view: ViewType
    /// Nil for the usual page.
    public var maxResults: Int64?
    public var pageToken: String?

    public init(filter: String?, orderBy: [String], view: ViewType, maxResults: Int64?, pageToken: String?) {
        self.filter = filter
        self.orderBy = orderBy
        self.view = view
        self.maxResults = maxResults
        self.pageToken = pageToken
    }

    static let usualPage = 1000

    /// The page's size, checked.
    func pageSize() throws -> Int {
        guard let maxResults else { return Self.usualPage }
        let limit = TrackingLimits.pageOfRuns
        guard maxResults >= 1, maxResults <= limit else {
            let rule = maxResults < 1 ? "a positive integer" : "at most \(limit)"
            throw TrackingFault.invalid(
                "Invalid value \(maxResults) for parameter 'max_results' supplied. It must be \(rule)",
                target: "max_results")
        }
        return Int(maxResults)
    }
}

/// One page of what a search found.
public struct SearchPage<Item: Sendable>: Sendable {
    public let items: [Item]
    public let nextPageToken: String?
}

/// Searching runs, experiments and logged models.
public struct SearchService: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    /// - Parameter experiments: the ids of the experiments to search; none finds nothing.
    public func runs(
        _ request: SearchRequest, experiments: [String], in scope: WorkspaceScope
    ) async throws -> SearchPage<Run> {
        let size = try request.pageSize(), offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .runs)
        let orders = try OrderParser.parse(request.orderBy, .runs)
        return try await store.read(scope) { database, workspace in
            let search = RunSearch(workspace: workspace, database: database)
            let found = try search.rowIDs(
                RunSearch.Query(
                    experiments: Self.rows(of: experiments, workspace, database), view: request.view, filter: filter,
                    orders: orders, limit: size + 1, offset: offset))
            let runs = try RunReader(database).runs(search.rows(Array(found.prefix(size))))
            return SearchPage(
                items: runs, nextPageToken: found.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    public func experiments(
        _ request: SearchRequest, in scope: WorkspaceScope
    ) async throws -> SearchPage<Experiment> {
        let size = try request.pageSize(), offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .experiments)
        let orders = try OrderParser.parse(request.orderBy, .experiments)
        return try await store.read(scope) { database, workspace in
            let found = try ExperimentSearch.rows(
                workspace: workspace, view: request.view, filter: filter, orders: orders, limit: size + 1,
                offset: offset, database)
            let items = try found.prefix(size).map { $0.value(tags: try ExperimentTable.tags(of: $0.id, database)) }
            return SearchPage(
                items: items, nextPageToken: found.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    public func loggedModels(
        _ search: LoggedModelSearch, in scope: WorkspaceScope
    ) async throws -> SearchPage<LoggedModel> {
        guard search.datasets.allSatisfy({ !$0.name.isEmpty }) else {
            throw TrackingFault.invalid(
                "`dataset_name` in the `datasets` clause must be specified.", target: "datasets")
        }
        let size = Int(search.maxResults.flatMap { $0 > 0 ? $0 : nil } ?? Int64(LoggedModelSearch.usualPage))
        let offset = try LoggedModelToken.offset(of: search.pageToken, for: search)
        return try await store.read(scope) { database, workspace in
            let found = try LoggedModelStatement(search: search, database: database).rows(
                experiments: Self.rows(of: search.experiments, workspace, database), limit: size + 1, offset: offset)
            let items = try LoggedModelTable.filled(Array(found.prefix(size)), database)
            let next = found.count > size ? LoggedModelToken.text(offset: offset + size, for: search) : nil
            return SearchPage(items: items, nextPageToken: next)
        }
    }

    /// The row numbers of experiments; ids that do not exist are passed over.
    static func rows(of ids: [String], _ workspace: Int64, _ database: Database) throws -> [Int64] {
        try ids.compactMap { id in
            try ExperimentTable.find(number: ExperimentTable.number(of: id), workspace: workspace, database)?.id
        }
    }
}

/// The page tokens of logged models, which also hold the query they belong to.
enum LoggedModelToken {
    static func text(offset: Int, for search: LoggedModelSearch) -> String {
        let json: JSON = ["offset": .integer(Int64(offset)), "query": .string(search.fingerprint)]
        return Data(json.bytes).base64EncodedString()
    }

    static func offset(of token: String?, for search: LoggedModelSearch) throws -> Int {
        guard let token else { return 0 }
        guard let bytes = Data(base64Encoded: token), let json = try? JSON(parsing: Array(bytes)),
            let offset = json["offset"].integer, offset >= 0
        else { throw TrackingFault.invalid("Invalid page token: \(token).", target: "page_token") }
        guard json["query"].string == search.fingerprint else {
            throw TrackingFault.invalid(
                "The page token does not match the requested experiment IDs, filter string and order by. "
                    + "Send the same query with each page.", target: "page_token")
        }
        return offset
    }
}

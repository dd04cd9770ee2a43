public import LazuliResources

/// A kind of resource as the conformance suite sees it: its routes, a valid body and what may be done to it.
public struct ConformanceSubject: Sendable {
    /// A path of members in the body, outermost first.
    public typealias Path = [String]

    public let title: String
    /// The template of the collection's path, as the routes declare it.
    public let collection: String
    public let isVersioned: Bool
    public let body: JSON
    /// A member without which the body is refused.
    public let required: Path
    /// A member that may take another value: of a version that exists it may not.
    public let changeable: Path
    public let otherValue: JSON
    public let routes: [Route]
    public var scope = WorkspaceScope(subscription: "sub", resourceGroup: "group", workspace: "ws")
    public var parent = "parent"
    public var createdStatus = 201
    public var badName = "-bad name"
    public var verbs: Set<String> = ["GET", "PUT", "PATCH", "DELETE"]

    public init(
        _ title: String, at collection: String, isVersioned: Bool = false, body: JSON, required: Path,
        changeable: Path, otherValue: JSON, routes: [Route]
    ) {
        self.title = title
        self.collection = collection
        self.isVersioned = isVersioned
        self.body = body
        self.required = required
        self.changeable = changeable
        self.otherValue = otherValue
        self.routes = routes
    }
}

extension ConformanceSubject {
    enum Place { case item, container, collection, versions }

    struct Answer {
        let status: Int
        let body: JSON
        let entityTag: String
    }

    func path(_ place: Place) -> String {
        switch place {
        case .collection: collection
        case .container: collection + "/{name}"
        case .versions: collection + "/{name}/versions"
        case .item: isVersioned ? collection + "/{name}/versions/{version}" : collection + "/{name}"
        }
    }

    /// Sends a call to the route of a method and a place.
    func send(
        _ method: String, _ place: Place = .item, _ name: String = "", version: String = "1", body: JSON = .null,
        query: [String: String] = [:], ifMatch: String? = nil, ifNoneMatch: String? = nil
    ) async throws -> Answer {
        let path = path(place)
        guard let route = routes.first(where: { $0.method == method && $0.path == path }) else {
            throw ServiceError(.internalError, "\(title) has no route \(method) \(path).")
        }
        let call = Call(
            method: method,
            parameters: [
                "subscription": scope.subscription, "resourceGroup": scope.resourceGroup,
                "workspace": scope.workspace, "parent": parent, "name": name, "version": version,
            ],
            query: query, ifMatch: ifMatch, ifNoneMatch: ifNoneMatch, body: body,
            caller: Caller(objectID: "00000000-0000-0000-0000-00000000000a", name: "ada"),
            baseURL: "https://localhost:1")
        let reply = try await route.handle(call)
        let tag = reply.entityTag ?? ""
        return Answer(status: reply.status, body: try Self.json(reply.body), entityTag: tag)
    }

    private static func json(_ body: Reply.Body) throws -> JSON {
        switch body {
        case .none: .null
        case .json(let json): json
        case .text(let bytes): try JSON(parsing: bytes)
        }
    }

    @discardableResult
    func put(_ name: String, version: String = "1", _ body: JSON? = nil) async throws -> Answer {
        try await send("PUT", .item, name, version: version, body: body ?? self.body)
    }

    func get(_ name: String, version: String = "1") async throws -> Answer {
        try await send("GET", .item, name, version: version)
    }

    /// The error of a call that must fail.
    func refusal(_ body: () async throws -> Answer) async -> ServiceError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? ServiceError ?? ServiceError(.internalError, "\(error)")
        }
    }

    /// All items of a list, over all its pages.
    func all(_ place: Place, _ name: String = "", query: [String: String] = [:]) async throws -> [JSON] {
        var items: [JSON] = [], query = query
        for _ in 0..<1000 {
            let page = try await send("GET", place, name, query: query).body
            items += page["value"].array ?? []
            guard let mark = page["nextLink"].string?.split(separator: "$skip=").last else { return items }
            query["$skip"] = String(mark)
        }
        throw ServiceError(.internalError, "The list of \(title) has no end.")
    }
}

extension JSON {
    func setting(_ path: [String], _ value: JSON) -> JSON {
        guard let first = path.first else { return value }
        var changed = self
        changed[first] = self[first].setting(Array(path.dropFirst()), value)
        return changed
    }

    func removing(_ path: [String]) -> JSON {
        guard let first = path.first, var members = object else { return self }
        members[first] = path.count == 1 ? nil : self[first].removing(Array(path.dropFirst()))
        return .object(members)
    }
}

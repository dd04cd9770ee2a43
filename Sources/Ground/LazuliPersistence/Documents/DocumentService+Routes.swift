public import LazuliResources

extension DocumentService {
    /// The verbs a kind offers: the rows of its operation table.
    public enum Verb: Sendable { case get, list, put, patch, delete }

    /// The rows of the kind's table for the usual verbs.
    public func routes(_ verbs: [Verb] = [.get, .list, .put, .patch, .delete]) -> [Route] {
        if case .versioned = kind.shape { return versionRoutes(verbs) }
        let collection = kind.collectionPath, item = collection + "/{name}"
        return verbs.map { verb in
            switch verb {
            case .get: route("GET", item, "Get", "read", get)
            case .list: route("GET", collection, "List", "read", list)
            case .put: route("PUT", item, "CreateOrUpdate", "write", put)
            case .patch: route("PATCH", item, "Update", "write", patch)
            case .delete: route("DELETE", item, "Delete", "delete", delete)
            }
        }
    }

    private func versionRoutes(_ verbs: [Verb]) -> [Route] {
        let container = kind.collectionPath + "/{name}", versions = container + "/versions"
        let item = versions + "/{version}"
        return verbs.flatMap { verb -> [Route] in
            switch verb {
            case .get:
                [route("GET", item, "GetVersion", "read", get), route("GET", container, "Get", "read", getContainer)]
            case .list:
                [
                    route("GET", versions, "ListVersions", "read", listVersions),
                    route("GET", kind.collectionPath, "List", "read", listContainers),
                ]
            case .put:
                [
                    route("PUT", item, "CreateOrUpdateVersion", "write", put),
                    route("PUT", container, "CreateOrUpdate", "write", putContainer),
                ]
            case .patch: [route("PATCH", item, "UpdateVersion", "write", patch)]
            case .delete: [route("DELETE", item, "DeleteVersion", "delete", delete)]
            }
        }
    }

    private func route(
        _ method: String, _ path: String, _ name: String, _ verb: String,
        _ handle: @escaping @Sendable (Call) async throws -> Reply
    ) -> Route {
        Route(method, path, "\(kind.plural)_\(name)", action: kind.action(verb), handle: handle)
    }

    /// A `POST` action on one resource.
    public func action(
        _ name: String, verb: String? = nil, _ handle: @escaping @Sendable (Call) async throws -> Reply
    ) -> Route {
        let operation = name.prefix(1).uppercased() + name.dropFirst()
        return route("POST", kind.collectionPath + "/{name}/\(name)", operation, verb ?? "\(name)/action", handle)
    }

    /// A `POST` action that is not built.
    public func notBuilt(_ name: String, because sentence: String) -> Route {
        let operation = name.prefix(1).uppercased() + name.dropFirst()
        return .notBuilt(
            "POST", kind.collectionPath + "/{name}/\(name)", "\(kind.plural)_\(operation)",
            action: kind.action("\(name)/action"), because: sentence)
    }
}

import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// The verbs of online endpoints: stored as documents, and served from the moment a call returns.
struct OnlineEndpointService: Sendable {
    let documents: DocumentService
    let supervisor: EndpointSupervisor
    let gateway: any ScoringGateway

    var routes: [Route] {
        let kind = documents.kind, item = kind.collectionPath + "/{name}"
        return documents.routes([.get, .list]) + [
            Route("PUT", item, "OnlineEndpoints_CreateOrUpdate", action: kind.action("write")) { call in
                try await changed(documents.put(call), call)
            },
            Route("PATCH", item, "OnlineEndpoints_Update", action: kind.action("write")) { call in
                try await changed(documents.patch(call), call)
            },
            Route("DELETE", item, "OnlineEndpoints_Delete", action: kind.action("delete")) { call in
                try await changed(documents.delete(call), call)
            },
            documents.action("metrics", verb: "read", metrics),
        ]
    }

    /// Tells those who serve before the caller hears of it.
    private func changed(_ reply: Reply, _ call: Call) async throws -> Reply {
        try await supervisor.endpointChanged(documents.kind.key(for: call), in: try call.workspaceScope())
        return reply
    }

    private func metrics(_ call: Call) async throws -> Reply {
        let document = try await documents.document(documents.kind.key(for: call), call)
        let scope = try call.workspaceScope()
        var shown = JSONObject()
        for (name, numbers) in await gateway.traffic(of: document.key.name).sorted(by: { $0.key < $1.key }) {
            let id = DeploymentID(scope: scope, endpoint: document.key.name, name: name)
            let standing = await supervisor.controller(of: id)?.standing()
            shown[name] = DeploymentReport(numbers: numbers, standing: standing).json
        }
        return .json(200, ["endpoint": .string(document.key.name), "deployments": .object(shown)])
    }

    // MARK: - Storing

    static func behaviour(_ settings: EndpointSettings, _ secrets: EndpointSecrets) -> DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in try prepared(body) }
        behaviour.write = { _, body, key, _, database in
            try OnlineEndpointRules.checkUnique(key, database)
            try OnlineEndpointRules.checkDeployments(body["properties"], of: key, database)
            return try storingKeys(of: body, key, secrets, database)
        }
        behaviour.presentEach { body, document, _ in
            var body = body
            let address = settings.address(of: document.key.name)
            body["properties"]["scoringUri"] = .string("\(address)/score")
            body["properties"]["swaggerUri"] = .string("\(address)/swagger.json")
            body["properties"]["provisioningState"] = "Succeeded"
            return body
        }
        behaviour.remove = { document, _, database in
            try DocumentTable.deleteAll(below: DeploymentID.scope(of: document.key), database)
            try secrets.remove(of: document.key, database)
        }
        return behaviour
    }

    private static func prepared(_ given: JSON) throws -> JSON {
        var body = given
        for member in ["traffic", "mirrorTraffic"] {
            try OnlineEndpointRules.checkTraffic(body["properties"][member], member)
        }
        for member in ["traffic", "mirrorTraffic", "properties"] where body["properties"][member].isNull {
            body["properties"][member] = .emptyObject
        }
        if body["location"].isNull { body["location"] = "local" }
        if body["tags"].isNull { body["tags"] = .emptyObject }
        return body
    }

    /// Keys may be chosen at creation; they are kept in the vault and shown by `listKeys` alone.
    private static func storingKeys(
        of given: JSON, _ key: DocumentKey, _ secrets: EndpointSecrets, _ database: Database
    ) throws -> JSON {
        var body = given
        for (member, name) in [("primaryKey", EndpointSecrets.Name.primary), ("secondaryKey", .secondary)] {
            guard let wanted = body["properties"]["keys"][member].string, !wanted.isEmpty else { continue }
            try secrets.renew(name, of: key, to: wanted, database)
        }
        guard var properties = body["properties"].object else { return body }
        properties["keys"] = Optional.none
        body["properties"] = .object(properties)
        return body
    }
}

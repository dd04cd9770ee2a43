import GRDB
import LazuliDomain
package import LazuliPersistence
package import LazuliResources

/// Online endpoints and deployments are checked, stored and shown. They do not serve yet: scoring answers 501.
package struct EndpointsFeature: Sendable {
    private let database: StateDatabase
    private let clock: WallClock
    private let vault: SecretVault

    static let notServing =
        "Online endpoints are stored and shown by this version of Lazuli, and do not serve yet: no model was loaded."

    package init(database: StateDatabase, vault: SecretVault, clock: WallClock) {
        self.database = database
        self.vault = vault
        self.clock = clock
    }

    package var routes: [Route] {
        let endpoints = DocumentService(
            OnlineEndpointKinds.endpoints, database: database, clock: clock, behaviour: endpointBehaviour)
        let deployments = DocumentService(
            OnlineEndpointKinds.deployments, database: database, clock: clock, behaviour: deploymentBehaviour)
        let keys = EndpointKeys(database: database, vault: vault, endpoints: endpoints)
        return endpoints.routes() + deployments.routes() + keys.routes + [
            endpoints.notBuilt("token", because: Self.notServing),
            deployments.notBuilt("getLogs", because: Self.notServing),
            .notBuilt(
                "POST", "\(Route.workspacePath)/onlineEndpoints/{name}/score", "OnlineEndpoints_Score",
                action: OnlineEndpointKinds.endpoints.action("score/action"), because: Self.notServing),
        ]
    }

    // MARK: - Endpoints

    private var endpointBehaviour: DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in
            var body = body
            for member in ["traffic", "mirrorTraffic"] {
                try Self.checkTraffic(body["properties"][member], member)
            }
            for member in ["traffic", "mirrorTraffic", "properties"] where body["properties"][member].isNull {
                body["properties"][member] = .emptyObject
            }
            if body["location"].isNull { body["location"] = "local" }
            if body["tags"].isNull { body["tags"] = .emptyObject }
            return body
        }
        behaviour.write = { _, body, key, _, database in
            try Self.checkDeployments(body["properties"]["traffic"], of: key, database)
            return body
        }
        behaviour.presentEach { body, document, call in
            let id = OnlineEndpointKinds.endpoints.id(document.key, in: try call.workspaceScope())
            var body = body
            body["properties"]["scoringUri"] = .string("\(call.baseURL)\(id)/score")
            body["properties"]["swaggerUri"] = .string("\(call.baseURL)\(id)/swagger.json")
            body["properties"]["provisioningState"] = "Succeeded"
            return body
        }
        behaviour.remove = { document, _, database in
            try DocumentTable.deleteAll(
                below: "\(document.key.scope)/onlineendpoints/\(document.key.name)", database)
        }
        return behaviour
    }

    /// Traffic goes to deployments that exist.
    private static func checkDeployments(_ traffic: JSON, of endpoint: DocumentKey, _ database: Database) throws {
        let scope = "\(endpoint.scope)/onlineendpoints/\(endpoint.name)"
        let kind = OnlineEndpointKinds.deployments.tableName
        for (name, share) in traffic.object?.pairs ?? [] where share.integer ?? 0 > 0 {
            let key = DocumentKey(kind: kind, scope: scope, name: name)
            guard try DocumentTable.fetch(key, database) == nil else { continue }
            let hint = NearestName.hint(name, among: try DocumentTable.names(kind: kind, scope: scope, database))
            throw ServiceError(
                .invalidArgument,
                "Endpoint \"\(endpoint.name)\" has no deployment \"\(name)\" to send traffic to.\(hint)",
                target: "$.properties.traffic.\(name)")
        }
    }

    private static func checkTraffic(_ traffic: JSON, _ member: String) throws {
        let shares = traffic.object?.pairs.compactMap(\.value.integer) ?? []
        let target = "$.properties.\(member)"
        guard shares.allSatisfy((0...100).contains) else {
            throw ServiceError(.invalidArgument, "Each share of \(member) must be between 0 and 100.", target: target)
        }
        let sum = shares.reduce(0, +)
        guard member == "mirrorTraffic" ? sum <= 100 : sum == 0 || sum == 100 else {
            throw ServiceError(
                .invalidArgument, "The shares of \(member) add up to \(sum); they must add up to 0 or 100.",
                target: target)
        }
    }

    // MARK: - Deployments

    private var deploymentBehaviour: DocumentBehaviour {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in
            var body = body
            if body["sku"].isNull { body["sku"] = ["name": "Default", "capacity": 1] }
            if body["location"].isNull { body["location"] = "local" }
            if body["tags"].isNull { body["tags"] = .emptyObject }
            var properties = body["properties"]
            if properties["scaleSettings"].isNull { properties["scaleSettings"] = ["scaleType": "Default"] }
            for member in ["properties", "environmentVariables"] where properties[member].isNull {
                properties[member] = .emptyObject
            }
            body["properties"] = properties
            return body
        }
        behaviour.write = { _, body, _, call, database in
            let parent = DocumentKey(
                kind: OnlineEndpointKinds.endpoints.tableName, scope: try call.workspaceScope().key,
                name: try call.parameter("parent"))
            guard try DocumentTable.fetch(parent, database) != nil else {
                throw ServiceError(
                    .notFound, "There is no online endpoint \"\(parent.name)\" in this workspace. Create it first.",
                    target: parent.name)
            }
            return body
        }
        behaviour.presentEach { body, _, _ in
            var body = body
            body["properties"]["provisioningState"] = "Succeeded"
            body["properties"]["properties"]["lazuli.reason"] = .string(Self.notServing)
            return body
        }
        return behaviour
    }
}

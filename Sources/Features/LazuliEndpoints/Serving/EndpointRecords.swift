import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// An endpoint with its deployments, as the database has them.
struct EndpointRecord: Sendable {
    var name: String
    var scope: WorkspaceScope
    var access: EndpointAccess
    var traffic: TrafficSplit
    var mirror: TrafficSplit
    var deployments: [DeploymentRecord]
}

/// A deployment as the database has it.
struct DeploymentRecord: Sendable {
    var id: DeploymentID
    var deployment: OnlineDeployment
    var status: DeploymentStatus?
}

/// Reads endpoints for those who serve them.
struct EndpointRecords: Sendable {
    let database: StateDatabase
    let secrets: EndpointSecrets
    let workspaces: any WorkspaceDirectory

    /// Every endpoint of every workspace.
    func all() async throws -> [EndpointRecord] {
        let keys = try await database.read {
            try DocumentTable.keys(kind: OnlineEndpointKinds.endpoints.tableName, $0)
        }
        var found: [EndpointRecord] = []
        for key in keys {
            let names = key.scope.split(separator: "/").map(String.init)
            guard names.count == 3 else { continue }
            let scope = try await workspaces.find(
                WorkspaceScope(subscription: names[0], resourceGroup: names[1], workspace: names[2]))
            if let record = try await endpoint(key, in: scope) { found.append(record) }
        }
        return found
    }

    func endpoint(_ key: DocumentKey, in scope: WorkspaceScope) async throws -> EndpointRecord? {
        let secrets = secrets
        return try await database.write { database in
            guard let document = try DocumentTable.fetch(key, database) else { return nil }
            let properties = try document.body()["properties"]
            return EndpointRecord(
                name: key.name, scope: scope,
                access: try secrets.access(key, mode: properties["authMode"].string ?? "Key", database),
                traffic: Self.split(properties["traffic"]), mirror: Self.split(properties["mirrorTraffic"]),
                deployments: try Self.deployments(of: key.name, in: scope, database))
        }
    }

    private static func split(_ shares: JSON) -> TrafficSplit {
        TrafficSplit(
            Dictionary(
                (shares.object?.pairs ?? []).map { ($0.key, $0.value.integer ?? 0) }, uniquingKeysWith: { $1 }))
    }

    private static func deployments(
        of endpoint: String, in scope: WorkspaceScope, _ database: Database
    ) throws -> [DeploymentRecord] {
        let kind = OnlineEndpointKinds.deployments.tableName
        let place = DeploymentID.scope(ofEndpoint: endpoint, in: scope)
        return try DocumentTable.names(kind: kind, scope: place, database).compactMap { name in
            let id = DeploymentID(scope: scope, endpoint: endpoint, name: name)
            guard let document = try DocumentTable.fetch(id.key, database) else { return nil }
            return DeploymentRecord(
                id: id, deployment: OnlineDeployment(try document.body()),
                status: try DeploymentStatusTable.fetch(document.id, database))
        }
    }
}

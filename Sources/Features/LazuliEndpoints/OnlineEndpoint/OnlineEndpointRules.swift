import GRDB
import LazuliPersistence
import LazuliResources

/// What a valid endpoint is, beyond its schema.
enum OnlineEndpointRules {
    /// Callers reach an endpoint by its name alone, so it is unique for the whole server, as on Azure for a region.
    static func checkUnique(_ key: DocumentKey, _ database: Database) throws {
        let others = try DocumentTable.keys(kind: key.kind, name: key.name, database).filter { $0 != key }
        guard let other = others.first else { return }
        let place = other.scope.split(separator: "/").last.map(String.init) ?? other.scope
        throw ServiceError(
            .conflict,
            "The endpoint name \"\(key.name)\" is taken: workspace \"\(place)\" has an endpoint \"\(other.name)\". "
                + "Names are unique for the server; choose another.", target: key.name)
    }

    static func checkTraffic(_ traffic: JSON, _ member: String) throws {
        let shares = traffic.object?.pairs.compactMap(\.value.integer) ?? []
        let target = "$.properties.\(member)"
        guard shares.allSatisfy((0...100).contains) else {
            throw ServiceError(.invalidArgument, "Each share of \(member) must be between 0 and 100.", target: target)
        }
        let sum = shares.reduce(0, +)
        guard member == "mirrorTraffic" ? sum <= 50 : sum == 0 || sum == 100 else {
            let rule = member == "mirrorTraffic" ? "must not exceed 50" : "must add up to 0 or 100"
            throw ServiceError(
                .invalidArgument, "The shares of \(member) add up to \(sum); they \(rule).", target: target)
        }
    }

    /// Traffic goes to deployments that exist, and is mirrored to one that gets none of it.
    static func checkDeployments(_ properties: JSON, of endpoint: DocumentKey, _ database: Database) throws {
        let scope = DeploymentID.scope(of: endpoint)
        let kind = OnlineEndpointKinds.deployments.tableName
        for member in ["traffic", "mirrorTraffic"] {
            for (name, share) in properties[member].object?.pairs ?? [] where share.integer ?? 0 > 0 {
                let key = DocumentKey(kind: kind, scope: scope, name: name)
                guard try DocumentTable.fetch(key, database) == nil else { continue }
                let hint = NearestName.hint(name, among: try DocumentTable.names(kind: kind, scope: scope, database))
                throw ServiceError(
                    .invalidArgument,
                    "Endpoint \"\(endpoint.name)\" has no deployment \"\(name)\" to send traffic to.\(hint)",
                    target: "$.properties.\(member).\(name)")
            }
        }
        for (name, share) in properties["mirrorTraffic"].object?.pairs ?? [] where share.integer ?? 0 > 0 {
            guard properties["traffic"][name].integer ?? 0 == 0 else {
                throw ServiceError(
                    .invalidArgument,
                    "Deployment \"\(name)\" cannot get mirrored traffic while it gets live traffic too.",
                    target: "$.properties.mirrorTraffic.\(name)")
            }
        }
    }
}

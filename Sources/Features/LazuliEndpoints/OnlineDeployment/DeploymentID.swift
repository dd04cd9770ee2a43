package import LazuliPersistence
package import LazuliResources

/// Names one online deployment for all of the server.
package struct DeploymentID: Hashable, Sendable, CustomStringConvertible {
    package let scope: WorkspaceScope
    package let endpoint: String
    package let name: String

    package init(scope: WorkspaceScope, endpoint: String, name: String) {
        self.scope = scope
        self.endpoint = endpoint
        self.name = name
    }

    package var description: String { "\(endpoint)/\(name)" }

    /// The key of its document.
    package var key: DocumentKey {
        DocumentKey(
            kind: OnlineEndpointKinds.deployments.tableName, scope: Self.scope(ofEndpoint: endpoint, in: scope),
            name: name)
    }

    /// The scope that an endpoint's deployments live in.
    static func scope(ofEndpoint endpoint: String, in scope: WorkspaceScope) -> String {
        self.scope(
            of: DocumentKey(kind: OnlineEndpointKinds.endpoints.tableName, scope: scope.key, name: endpoint))
    }

    /// The same, by the key of the endpoint's document.
    static func scope(of endpoint: DocumentKey) -> String { "\(endpoint.scope)/onlineendpoints/\(endpoint.name)" }
}

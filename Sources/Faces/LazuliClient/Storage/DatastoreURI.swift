public import LazuliResources

/// `azureml://datastores/NAME/paths/PATH`, or its long form that names the workspace first.
public struct DatastoreURI: Sendable, Equatable {
    public let datastore: String
    /// The path within the datastore; empty for all of it.
    public let path: String

    public init(datastore: String, path: String) {
        self.datastore = datastore
        self.path = path
    }

    public init?(_ text: String) {
        guard text.hasPrefix("azureml://") else { return nil }
        let parts = text.dropFirst("azureml://".count).split(separator: "/", omittingEmptySubsequences: false)
        guard let start = parts.firstIndex(where: { $0.lowercased() == "datastores" }), start + 1 < parts.count else {
            return nil
        }
        datastore = String(parts[start + 1])
        let rest = parts[(start + 2)...]
        guard rest.first.map({ $0.lowercased() == "paths" }) ?? true else { return nil }
        path = rest.dropFirst().joined(separator: "/")
    }

    public var short: String { "azureml://datastores/\(datastore)/paths/\(path)" }

    /// The form that also means something outside its workspace.
    public func long(in scope: WorkspaceScope) -> String {
        "azureml://subscriptions/\(scope.subscription)/resourcegroups/\(scope.resourceGroup)/workspaces/"
            + "\(scope.workspace)/datastores/\(datastore)/paths/\(path)"
    }
}

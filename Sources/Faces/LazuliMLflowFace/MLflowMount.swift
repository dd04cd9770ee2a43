public import LazuliResources

/// Where MLflow's API hangs in the server's tree of paths.
extension MLflowFace {
    private static let plainPrefixes = [
        "/api/2.0/mlflow", "/api/3.0/mlflow", "/ajax-api/2.0/mlflow", "/ajax-api/3.0/mlflow", "/get-artifact",
        "/model-versions/get-artifact", "/version", "/health", "/graphql", "/v1/traces",
    ]
    private static let workspacePrefixes = ["/mlflow/v1.0/", "/mlflow/v2.0/"]

    /// Takes a path apart if it is one of MLflow's.
    ///
    /// - Returns: the path below the mount, and the workspace that the mount names; no workspace for the plain mount,
    ///   which serves the default one. Nil for paths of other faces.
    public static func match(_ path: String) -> (rest: String, scope: WorkspaceScope?)? {
        for prefix in plainPrefixes where path.utf8.starts(with: prefix.utf8) {
            let rest = path.dropFirst(prefix.count)
            if rest.isEmpty || rest.hasPrefix("/") || prefix.hasSuffix("mlflow") { return (path, nil) }
        }
        for prefix in workspacePrefixes where path.utf8.starts(with: prefix.utf8, by: { $0 | 0x20 == $1 | 0x20 }) {
            return belowWorkspace(path.dropFirst(prefix.count))
        }
        return nil
    }

    private static func belowWorkspace(_ path: Substring) -> (rest: String, scope: WorkspaceScope?)? {
        guard let (scope, rest) = WorkspaceScope.parse(String(path)) else { return nil }
        return ("/" + rest.joined(separator: "/"), scope)
    }
}

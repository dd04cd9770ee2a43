import LazuliClient

/// Where a model's files lie: in a datastore, or among the artifacts of a job.
enum DatastorePlace {
    static func of(modelURI uri: String) -> DatastoreURI? {
        if let place = DatastoreURI(uri) { return place }
        let prefix = "azureml://jobs/"
        guard uri.hasPrefix(prefix) else { return nil }
        let parts = uri.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[1] == "outputs" else { return nil }
        let rest = parts.dropFirst(3).drop { $0 == "paths" }.joined(separator: "/")
        if parts[2] == "artifacts" {
            return DatastoreURI(datastore: "workspaceartifactstore", path: "ExperimentRun/dcid.\(parts[0])/\(rest)")
        }
        return DatastoreURI(datastore: DatastoreAccess.defaultName, path: "azureml/\(parts[0])/\(parts[2])/\(rest)")
    }
}

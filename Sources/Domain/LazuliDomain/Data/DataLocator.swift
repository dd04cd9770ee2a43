public import Foundation
public import LazuliResources

/// Where data lies once its name has been followed to the end.
public enum DataPlace: Sendable, Equatable {
    /// A file or folder on this machine: in the state folder, or where a `file://` address points.
    case here(URL)
    /// Somewhere that must be fetched.
    case web(String)
}

/// Follows the names of data to where it lies: assets to their addresses, addresses to folders.
public struct DataLocator: Sendable {
    private let datastores: any DatastoreDirectory
    private let assets: any AssetCatalog
    /// The address that a job's output was given, nil if the job or output is unknown.
    private let outputAddress: @Sendable (_ job: String, _ output: String, WorkspaceScope) async throws -> String?

    public init(
        datastores: any DatastoreDirectory, assets: any AssetCatalog,
        outputAddress: @escaping @Sendable (String, String, WorkspaceScope) async throws -> String?
    ) {
        self.datastores = datastores
        self.assets = assets
        self.outputAddress = outputAddress
    }

    /// The folder below the artifact container that holds a run's files.
    public static func artifactFolder(ofRun runID: String) -> String { "ExperimentRun/dcid.\(runID)" }

    /// The folder in the default datastore that holds a named output of a job when none was chosen.
    public static func outputFolder(job: String, output: String) -> String { "azureml/\(job)/\(output)" }

    /// - Parameter kind: what an asset reference means here: data or a model.
    /// - Throws: `notFound` for names of nothing, `invalidArgument` for paths that try to leave their container.
    public func place(of text: String, kind: AssetKind, in scope: WorkspaceScope) async throws -> DataPlace {
        try await place(of: DataURI(text), kind: kind, in: scope, depth: 0)
    }

    private func place(
        of uri: DataURI, kind: AssetKind, in scope: WorkspaceScope, depth: Int
    ) async throws -> DataPlace {
        guard depth < 8 else { throw ServiceError(.invalidArgument, "These names lead in a circle: \(uri).") }
        switch uri {
        case .datastore(let other, let store, let path):
            let location = try await datastores.location(ofDatastore: store, in: other ?? scope)
            return .here(try Self.inside(location.folder, path))
        case .run(let id, let path): return .here(try await artifact(of: id, path, scope))
        case .jobOutput(let job, let output, let path):
            return try await resolvedOutput(job, output, path, scope, kind, depth)
        case .storage(let account, let container, let path):
            if let folder = try await datastores.folder(account: account, container: container) {
                return .here(try Self.inside(folder, path))
            }
            return .web("https://\(account).blob.core.windows.net/\(container)/\(path)")
        case .web(let address): return .web(address)
        case .local(let path): return .here(URL(fileURLWithPath: path))
        case .asset(let reference):
            let asset = try await assets.resolve(reference, kind: kind, in: scope)
            let address = asset.properties["dataUri"].string ?? asset.properties["modelUri"].string ?? ""
            return try await place(of: DataURI(address), kind: kind, in: scope, depth: depth + 1)
        }
    }

    /// The address of data without the names that lead through jobs and runs: what is stored of an asset must be
    /// readable by clients, who know datastores alone.
    public func address(of text: String, in scope: WorkspaceScope) async throws -> String {
        func long(_ store: String, _ path: String) -> String {
            "azureml://subscriptions/\(scope.subscription)/resourcegroups/\(scope.resourceGroup)/workspaces/"
                + "\(scope.workspace)/datastores/\(store)/paths/\(path)"
        }
        func artifact(_ run: String, _ path: String) -> String {
            long(BuiltInDatastore.artifacts, Self.artifactFolder(ofRun: run) + "/" + path)
        }
        switch try DataURI(text) {
        case .run(let id, let path): return artifact(id, path)
        case .jobOutput(let job, "artifacts", let path): return artifact(job, path)
        case .jobOutput(let job, let output, let path):
            guard let address = try await outputAddress(job, output, scope) else {
                return artifact(job, [output, path].filter { !$0.isEmpty }.joined(separator: "/"))
            }
            guard case .datastore(_, let store, let folder) = try DataURI(address) else { return address }
            return long(store, [folder, path].filter { !$0.isEmpty }.joined(separator: "/"))
        default: return text
        }
    }

    private func artifact(of run: String, _ path: String, _ scope: WorkspaceScope) async throws -> URL {
        let location = try await datastores.location(ofDatastore: BuiltInDatastore.artifacts, in: scope)
        return try Self.inside(location.folder, Self.artifactFolder(ofRun: run) + "/" + path)
    }

    private func resolvedOutput(
        _ job: String, _ output: String, _ path: String, _ scope: WorkspaceScope, _ kind: AssetKind, _ depth: Int
    ) async throws -> DataPlace {
        if output == "artifacts" { return .here(try await artifact(of: job, path, scope)) }
        if let address = try await outputAddress(job, output, scope) {
            let place = try await place(of: DataURI(address), kind: kind, in: scope, depth: depth + 1)
            guard case .here(let folder) = place, !path.isEmpty else { return place }
            return .here(try Self.inside(folder, path))
        }
        // MLflow clients log below the run's artifacts under names of their own: `outputs/model`.
        return .here(try await artifact(of: job, [output, path].joined(separator: "/"), scope))
    }

    /// - Throws: `invalidArgument` when the path would leave the folder.
    public static func inside(_ folder: URL, _ path: String) throws -> URL {
        let segments = path.split(separator: "/").map(String.init)
        guard !segments.contains(".."), !path.contains("\0") else {
            throw ServiceError(.invalidArgument, "The path \"\(path)\" tries to leave its container.", target: path)
        }
        return segments.filter { $0 != "." }.reduce(folder) { $0.appendingPathComponent($1) }
    }
}

import GRDB
import LazuliPersistence
public import LazuliResources

/// Tells where the files behind an artifact address are.
public struct ArtifactDirectory: Sendable {
    let store: TrackingStore

    public init(store: TrackingStore) { self.store = store }

    public enum Location: Sendable, Equatable {
        /// A path below the workspace's artifact container.
        case container(String)
        /// A path below the files of a model asset, which its `modelUri` tells.
        case model(uri: String, path: String)
    }

    /// - Throws: `notFound` for a logged model or a model version that does not exist.
    public func location(of place: ArtifactPlace, in scope: WorkspaceScope) async throws -> Location {
        switch place {
        case .folder(let folder): return .container(folder)
        case .loggedModel(let modelID, let rest):
            return try await store.read(scope) { database, workspace in
                let row = try LoggedModelTable.find(modelID, workspace: workspace, database)
                return .container(
                    ArtifactPlace.join(row?.folder ?? ArtifactAddress.folder(ofModel: modelID), rest))
            }
        case .modelVersion(let name, let version, let rest):
            return try await store.read(scope) { database, _ in
                let document = try ModelDocuments.require(name, version, scope, database)
                let uri = try document.body()["properties"]["modelUri"].string ?? ""
                return .model(uri: uri, path: rest.joined(separator: "/"))
            }
        }
    }

    /// The same for an address; nil for one outside of this server.
    public func location(ofURI uri: String, path: [String], in scope: WorkspaceScope) async throws -> Location? {
        guard let segments = ArtifactAddress.segments(ofURI: uri) else { return nil }
        return try await location(of: ArtifactPlace(proxyPath: segments + path), in: scope)
    }

    /// Which of these folders are the files of a logged model.
    public func modelFolders(among folders: [String], in scope: WorkspaceScope) async throws -> Set<String> {
        guard !folders.isEmpty else { return [] }
        return try await store.read(scope) { database, workspace in
            let list = JSON.array(folders.map(JSON.string)).text
            let statement = try database.cachedStatement(
                sql: """
                    SELECT m.folder FROM json_each(?) j CROSS JOIN loggedModel m ON m.folder = j.value
                    WHERE m.folder IS NOT NULL AND m.workspaceID = ?
                    """)
            return try Set(String.fetchAll(statement, arguments: [list, workspace]))
        }
    }
}

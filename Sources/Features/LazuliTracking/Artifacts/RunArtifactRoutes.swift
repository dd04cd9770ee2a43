public import Foundation
import LazuliDomain
public import LazuliResources

/// The artifacts of a run in the run-history plane, as Azure's MLflow plugin lists, reads and writes them: it asks for
/// links and goes to the blob service with them. Source: contract (f).
public struct RunArtifactRoutes: Sendable {
    private let directory: ArtifactDirectory
    private let folder: @Sendable (WorkspaceScope, _ datastore: String) async throws -> URL
    private let link:
        @Sendable (WorkspaceScope, _ datastore: String, _ path: String, _ permissions: String) async throws -> String

    /// - Parameters:
    ///   - folder: the folder of a datastore.
    ///   - link: a signed link to a file of a datastore, with permissions in the letters of `racwdl`.
    public init(
        store: TrackingStore, folder: @escaping @Sendable (WorkspaceScope, String) async throws -> URL,
        link: @escaping @Sendable (WorkspaceScope, String, String, String) async throws -> String
    ) {
        directory = ArtifactDirectory(store: store)
        self.folder = folder
        self.link = link
    }

    public var routes: [Route] {
        let artifacts = "/history/v1.0" + Route.workspacePath + "/experiments/{experiment}/runs/{name}/artifacts"
        let action = "\(WorkspaceScope.provider)/workspaces/experiments/runs/"
        return [
            Route("GET", artifacts, "RunArtifacts_ListInContainer", action: action + "read", handle: list),
            Route(
                "GET", "\(artifacts)/contentinfo", "RunArtifacts_GetContentInformation", action: action + "read",
                handle: contentInformation),
            Route(
                "POST", "\(artifacts)/batch/metadata", "RunArtifacts_BatchCreateEmptyArtifacts",
                action: action + "write", handle: uploads),
        ]
    }

    private func list(_ call: Call) async throws -> Reply {
        let spot = try await spot(call, [])
        let root = try await folder(spot.scope, spot.datastore).appending(path: spot.path)
        let files = try await DiskQueue.run { Self.files(below: root) }
        let container = try Self.container(call)
        let values = files.map { Self.described($0, in: container) }
        return .json(200, ["value": .array(values), "continuationToken": .null, "nextLink": .null])
    }

    private func contentInformation(_ call: Call) async throws -> Reply {
        let path = call.query["path"] ?? ""
        let spot = try await spot(call, try Self.segments(path))
        let file = try await folder(spot.scope, spot.datastore).appending(path: spot.path)
        let exists = try await DiskQueue.run { FileManager.default.fileExists(atPath: file.path) }
        guard exists else {
            throw ServiceError(
                .notFound, "The run \(try call.parameter("name")) has no artifact \"\(path)\".", target: path)
        }
        return .json(200, try await linked(path, spot, "r", call))
    }

    private func uploads(_ call: Call) async throws -> Reply {
        let paths = (call.body["paths"].array ?? []).compactMap { $0["path"].string }
        guard !paths.isEmpty else {
            throw ServiceError(.invalidArgument, "$.paths must name the files to come.", target: "$.paths")
        }
        let container = try Self.container(call)
        var artifacts = JSONObject(), links = JSONObject()
        for path in paths {
            let spot = try await spot(call, try Self.segments(path))
            guard spot.isWritable else {
                throw ServiceError(
                    .conflict, "The files of a registered model never change. Register a new version.", target: path)
            }
            artifacts[path] = Self.described(path, in: container)
            links[path] = try await linked(path, spot, "rcw", call)
        }
        return .json(
            200,
            [
                "artifacts": .object(artifacts), "artifactContentInformation": .object(links),
                "errors": .emptyObject,
            ])
    }

    // MARK: - Places

    private struct Spot {
        let scope: WorkspaceScope
        let datastore: String
        let path: String
        let isWritable: Bool
    }

    private func spot(_ call: Call, _ rest: [String]) async throws -> Spot {
        let scope = try call.workspaceScope()
        let proxyPath = AzureArtifactAddress.proxyPath(
            experiment: try call.parameter("experiment"), run: try call.parameter("name"), rest: rest)
        switch try await directory.location(of: ArtifactPlace(proxyPath: proxyPath), in: scope) {
        case .container(let path):
            return Spot(scope: scope, datastore: BuiltInDatastore.artifacts, path: path, isWritable: true)
        case .model(let uri, let path):
            guard case .datastore(let other, let store, let folder) = try DataURI(uri) else {
                throw ServiceError(.notFound, "The model's files lie at \(uri), which is not on this server.")
            }
            let whole = [folder, path].filter { !$0.isEmpty }.joined(separator: "/")
            return Spot(scope: other ?? scope, datastore: store, path: whole, isWritable: false)
        }
    }

    /// - Throws: `invalidArgument` for a path that could lead out of its run.
    private static func segments(_ path: String) throws -> [String] {
        let parts = path.split(separator: "/").map(String.init)
        let isOdd = parts.contains { $0 == "." || $0 == ".." || $0.contains("\\") || $0.contains("\0") }
        guard !parts.isEmpty, !path.hasPrefix("/"), !isOdd else {
            throw ServiceError(.invalidArgument, "\"\(path)\" is no path of an artifact.", target: "path")
        }
        return parts
    }

    private static func files(below root: URL) -> [String] {
        let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        let all = (found?.allObjects as? [URL]) ?? []
        let start = root.standardizedFileURL.path.count + 1
        return all.filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
            .map { String($0.standardizedFileURL.path.dropFirst(start)) }.sorted()
    }

    // MARK: - Answers

    private static let origin = "ExperimentRun"

    private static func container(_ call: Call) throws -> String { "dcid.\(try call.parameter("name"))" }

    private static func described(_ path: String, in container: String) -> JSON {
        [
            "artifactId": .string("\(origin)/\(container)/\(path)"), "origin": .string(origin),
            "container": .string(container), "path": .string(path),
        ]
    }

    private func linked(_ path: String, _ spot: Spot, _ permissions: String, _ call: Call) async throws -> JSON {
        [
            "contentUri": .string(try await link(spot.scope, spot.datastore, spot.path, permissions)),
            "origin": .string(Self.origin), "container": .string(try Self.container(call)), "path": .string(path),
        ]
    }
}

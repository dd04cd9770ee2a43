import Foundation
import LazuliResources
import LazuliTracking

/// One entry of a folder of artifacts.
struct ArtifactEntry: Sendable {
    let name: String
    let isFolder: Bool
    let size: Int64
}

/// A file or folder: a path below a folder that it may not leave.
struct ArtifactSpot: Sendable {
    let root: URL
    let path: String
    /// Whether clients may write and delete there: the files of a registered asset never change.
    let isWritable: Bool

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// - Throws: `invalidArgument` if a symbolic link on the way leads out of the root.
    func location() throws -> URL {
        guard !path.isEmpty else { return root }
        let url = root.appending(path: path)
        let inside = root.resolvingSymlinksInPath().path
        let parent = url.deletingLastPathComponent().resolvingSymlinksInPath().path
        guard parent == inside || parent.hasPrefix(inside + "/") else {
            throw TrackingFault.invalid("Invalid path", target: "path")
        }
        return url
    }
}

/// The artifacts of workspaces as plain files below each workspace's artifact container.
struct ArtifactStore: Sendable {
    let directory: ArtifactDirectory
    /// The folder of a workspace's artifact container.
    let root: @Sendable (WorkspaceScope) async throws -> URL
    /// The folder of a model asset's files by its `modelUri`.
    let modelFiles: (@Sendable (WorkspaceScope, String) async throws -> URL)?

    func spot(of place: ArtifactPlace, in scope: WorkspaceScope) async throws -> ArtifactSpot {
        try await spot(at: directory.location(of: place, in: scope), in: scope)
    }

    /// - Throws: `notImplemented` for addresses of other stores.
    func spot(ofURI uri: String, path: [String], in scope: WorkspaceScope) async throws -> ArtifactSpot {
        guard let location = try await directory.location(ofURI: uri, path: path, in: scope) else {
            throw ServiceError(
                .notImplemented,
                "The artifacts are at \(uri), outside of this server. Read them with a client of that storage.")
        }
        return try await spot(at: location, in: scope)
    }

    private func spot(at location: ArtifactDirectory.Location, in scope: WorkspaceScope) async throws -> ArtifactSpot {
        switch location {
        case .container(let path): return ArtifactSpot(root: try await root(scope), path: path, isWritable: true)
        case .model(let uri, let path):
            guard let modelFiles else {
                throw ServiceError(.notImplemented, "The files of model assets cannot be read over MLflow here.")
            }
            return ArtifactSpot(root: try await modelFiles(scope, uri), path: path, isWritable: false)
        }
    }

    /// The entries of a folder, by name; none for one that does not exist or is a file.
    func list(_ spot: ArtifactSpot) async throws -> [ArtifactEntry] {
        try await DiskQueue.run {
            let url = try spot.location()
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else { return [] }
            return names.sorted().compactMap { Self.entry($0, in: url) }
        }
    }

    private static func entry(_ name: String, in folder: URL) -> ArtifactEntry? {
        var status = stat()
        guard lstat(folder.appending(path: name).path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return ArtifactEntry(name: name, isFolder: false, size: Int64(status.st_size))
        case S_IFDIR: return ArtifactEntry(name: name, isFolder: true, size: 0)
        default: return nil
        }
    }

    /// - Throws: `notFound` if there is no such file.
    func open(_ spot: ArtifactSpot) async throws -> ArtifactFile {
        try await DiskQueue.run {
            guard let file = ArtifactFile(path: try spot.location().path) else {
                throw TrackingFault.notFound("No such artifact: '\(spot.path)'")
            }
            return file
        }
    }

    /// Begins to write a file; `finish` says where it goes.
    func upload(in scope: WorkspaceScope) async throws -> ArtifactUpload {
        // The blob service keeps its unfinished files there as well, and clears them out at the start.
        let folder = try await root(scope).deletingLastPathComponent().appending(path: ".uploads")
        return try await DiskQueue.run { try ArtifactUpload(in: folder) }
    }

    func finish(_ upload: ArtifactUpload, at spot: ArtifactSpot) async throws {
        try Self.requireWritable(spot)
        try await DiskQueue.run { try upload.finish(as: spot.location()) }
    }

    /// Deletes a file, or a folder with all it holds.
    /// - Throws: `notFound` if neither is there.
    func delete(_ spot: ArtifactSpot) async throws {
        try Self.requireWritable(spot)
        try await DiskQueue.run {
            do {
                try FileManager.default.removeItem(at: spot.location())
            } catch CocoaError.fileNoSuchFile {
                throw TrackingFault.notFound("No such file or directory: '\(spot.path)'")
            }
        }
    }

    static func requireWritable(_ spot: ArtifactSpot) throws {
        guard spot.isWritable else {
            throw TrackingFault.invalid(
                "The files of a registered model never change. Register a new version instead.", target: "path")
        }
    }
}

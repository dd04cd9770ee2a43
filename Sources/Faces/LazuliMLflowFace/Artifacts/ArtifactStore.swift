import Foundation
import LazuliResources
import LazuliTracking

/// One entry of a folder of artifacts.
struct ArtifactEntry: Sendable {
    let name: String
    let isFolder: Bool
    let size: Int64
}

/// The artifacts of workspaces as plain files below each workspace's artifact container.
struct ArtifactStore: Sendable {
    /// The folder of a workspace's artifact container.
    let root: @Sendable (WorkspaceScope) async throws -> URL

    /// The entries of a folder, by name; none for one that does not exist or is a file.
    func list(_ folder: String, in scope: WorkspaceScope) async throws -> [ArtifactEntry] {
        let url = try await location(folder, in: scope)
        return try await DiskQueue.run {
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
    func open(_ path: String, in scope: WorkspaceScope) async throws -> ArtifactFile {
        let url = try await location(path, in: scope)
        return try await DiskQueue.run {
            guard let file = ArtifactFile(path: url.path) else {
                throw TrackingFault.notFound("No such artifact: '\(path)'")
            }
            return file
        }
    }

    /// Begins to write a file; what the caller hands to `finish` says where it goes.
    func upload(in scope: WorkspaceScope) async throws -> ArtifactUpload {
        // The blob service keeps its unfinished files there as well, and clears them out at the start.
        let folder = try await root(scope).deletingLastPathComponent().appending(path: ".uploads")
        return try await DiskQueue.run { try ArtifactUpload(in: folder) }
    }

    func finish(_ upload: ArtifactUpload, as path: String, in scope: WorkspaceScope) async throws {
        let url = try await location(path, in: scope)
        try await DiskQueue.run { try upload.finish(as: url) }
    }

    /// Deletes a file, or a folder with all it holds.
    /// - Throws: `notFound` if neither is there.
    func delete(_ path: String, in scope: WorkspaceScope) async throws {
        let url = try await location(path, in: scope)
        try await DiskQueue.run {
            do {
                try FileManager.default.removeItem(at: url)
            } catch CocoaError.fileNoSuchFile {
                throw TrackingFault.notFound("No such file or directory: '\(path)'")
            }
        }
    }

    /// The file or folder at a path, unless a symbolic link on the way leads out of the container.
    private func location(_ path: String, in scope: WorkspaceScope) async throws -> URL {
        let root = try await root(scope)
        let url = root.appending(path: path)
        return try await DiskQueue.run {
            let base = root.resolvingSymlinksInPath().path
            let parent = url.deletingLastPathComponent().resolvingSymlinksInPath().path
            guard parent == base || parent.hasPrefix(base + "/") else {
                throw TrackingFault.invalid("Invalid path", target: "path")
            }
            return url
        }
    }
}

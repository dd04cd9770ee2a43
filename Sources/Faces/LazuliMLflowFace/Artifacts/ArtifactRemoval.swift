import Foundation
import LazuliResources

/// The removal of whole folders of artifacts, in numbers.
struct ArtifactRemoval: Sendable {
    var files = 0
    var bytes: Int64 = 0
    /// Files that stay, because a living model needs them.
    var kept = 0
}

extension ArtifactStore {
    /// Removes folders with all they hold, but for what is kept below them.
    /// - Parameter isTrial: only counts.
    func remove(
        _ folders: [String], keeping kept: Set<String>, isTrial: Bool, in scope: WorkspaceScope
    ) async throws -> ArtifactRemoval {
        let root = try await root(scope)
        return try await DiskQueue.run {
            var sweep = FolderSweep(root: root, kept: kept, isTrial: isTrial)
            for folder in folders where ArtifactStore.isSafe(folder) { try sweep.remove(folder) }
            return sweep.removal
        }
    }

    /// Ids of runs and models are checked when they are made; a folder that leads elsewhere is not touched all the same.
    private static func isSafe(_ folder: String) -> Bool {
        let parts = folder.split(separator: "/")
        return parts.count > 1 && !parts.contains("..") && !parts.contains(".")
    }
}

/// Walks folders bottom up.
private struct FolderSweep {
    let root: URL
    let kept: Set<String>
    let isTrial: Bool
    var removal = ArtifactRemoval()

    /// - Returns: whether nothing stays of the entry.
    @discardableResult
    mutating func remove(_ path: String) throws -> Bool {
        let url = root.appending(path: path)
        var status = stat()
        guard lstat(url.path, &status) == 0 else { return true }
        guard !kept.contains(path) else {
            removal.kept += 1
            return false
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            removal.files += 1
            removal.bytes += Int64(status.st_size)
            return try isTrial || unlink(url)
        }
        var isEmpty = true
        for name in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] {
            let isGone = try remove(path + "/" + name)
            isEmpty = isEmpty && isGone
        }
        if isEmpty, !isTrial { rmdir(url.path) }
        return isEmpty
    }

    private func unlink(_ url: URL) throws -> Bool {
        guard Foundation.unlink(url.path) == 0 || errno == ENOENT else {
            throw DiskFault.error("remove an artifact")
        }
        return true
    }
}

import Foundation

/// Walks the files of a container in the order of their full names, from a given name on.
///
/// It reads the folders on the way to that name and no folder before it, so that a page in the middle of a large
/// container costs what it shows.
struct FolderWalk {
    enum Step {
        case go, stop
        /// Leaves out everything before this name.
        case jump(ByteName)
    }

    let prefix: ByteName
    /// Nothing before this name is visited.
    private var start: ByteName

    init(prefix: String, from start: String) {
        self.prefix = ByteName(prefix)
        self.start = max(ByteName(start), self.prefix)
    }

    /// - Parameter visit: gets each file's folder, name in the folder, and full name.
    mutating func run(in container: Folder, visit: (Folder, String, ByteName) throws -> Step) throws {
        let path = prefix.text.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
        guard path.allSatisfy({ BlobName.fault(in: $0) == nil && $0 != "." && $0 != ".." }),
            let folder = try container.folder(at: path)
        else { return }
        _ = try walk(folder, ByteName(path.map { $0 + "/" }.joined()), visit)
    }

    /// - Returns: whether to go on with what follows this folder.
    private mutating func walk(
        _ folder: Folder, _ path: ByteName, _ visit: (Folder, String, ByteName) throws -> Step
    ) throws -> Bool {
        for (entry, key) in try candidates(in: folder, path) {
            if isBeforeStart(key) { continue }
            if entry.isFolder {
                guard let next = try folder.folder(entry.name) else { continue }
                guard try walk(next, key, visit) else { return false }
                continue
            }
            switch try visit(folder, entry.name, key) {
            case .go: continue
            case .stop: return false
            case .jump(let name): start = max(start, name)
            }
        }
        return true
    }

    /// The entries that may hold what is wanted, in order; a folder sorts by its name with a slash.
    private func candidates(in folder: Folder, _ path: ByteName) throws -> [(Folder.Entry, ByteName)] {
        try folder.entries().lazy
            .map { entry in
                (
                    entry,
                    ByteName(bytes: path.bytes + Array(entry.name.utf8) + (entry.isFolder ? [UInt8(ascii: "/")] : []))
                )
            }
            .filter { entry, key in
                guard key.hasPrefix(prefix) || (entry.isFolder && prefix.hasPrefix(key)) else { return false }
                return !isBeforeStart(key) && BlobName.fault(in: entry.name) == nil
            }
            .sorted { $0.1 < $1.1 }
    }

    private func isBeforeStart(_ key: ByteName) -> Bool { key < start && !start.hasPrefix(key) }
}

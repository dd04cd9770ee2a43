import Foundation
import LazuliResources

/// The files of a folder, or one file alone, that an upload would send.
public struct Snapshot: Sendable {
    public struct File: Sendable, Equatable {
        /// Where it lies, links followed.
        public let path: String
        /// Its name below the folder, slashes between the segments.
        public let name: String
        public let size: Int64
    }

    /// The folder or file that was named.
    public let root: String
    public let isFolder: Bool
    /// Sorted by lower-cased name, as the content hash wants them.
    public let files: [File]

    public var totalSize: Int64 { files.reduce(0) { $0 + $1.size } }
    /// The last segment of the root: under this name it is uploaded.
    public var rootName: String { (root as NSString).lastPathComponent }

    /// Folders no run ever needs; they are never sent with code.
    static let codeExclusions = [".git", "__pycache__", ".ipynb_checkpoints"]

    /// - Parameters:
    ///   - root: a folder or a file, absolute.
    ///   - rules: what stays at home.
    /// - Throws: `notFound` if there is no such file, `invalidArgument` if nothing is left to send.
    public init(of root: String, ignoring rules: IgnoreRules) throws {
        self.root = URL(fileURLWithPath: root).standardizedFileURL.path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: self.root, isDirectory: &isDirectory) else {
            throw ServiceError(.notFound, "There is no file or folder \(root).", target: root)
        }
        isFolder = isDirectory.boolValue
        guard isFolder else {
            let name = (self.root as NSString).lastPathComponent
            files = [File(path: self.root, name: name, size: try Self.size(of: self.root))]
            return
        }
        var found: [File] = []
        try Self.walk(self.root, prefix: "", rules, depth: 0, &found)
        files = found.sorted { Self.key($0.name).lexicographicallyPrecedes(Self.key($1.name)) }
        guard !files.isEmpty else {
            throw ServiceError(
                .invalidArgument, "The folder \(root) has no files to upload; check its .amlignore or .gitignore.",
                target: root)
        }
    }

    /// Code: the root's ignore file and what is never wanted in code.
    public static func ofCode(_ root: String) throws -> Snapshot {
        let own = Snapshot.codeExclusions.map { $0 + "/" }
        return try Snapshot(of: root, ignoring: IgnoreRules(folder: root, after: own))
    }

    static func key(_ name: String) -> String.UnicodeScalarView { name.lowercased().unicodeScalars }

    private static func size(of path: String) throws -> Int64 {
        let attributes = try FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        return (attributes[.size] as? NSNumber)?.int64Value ?? 0
    }

    private static func walk(
        _ folder: String, prefix: String, _ rules: IgnoreRules, depth: Int, _ found: inout [File]
    ) throws {
        guard depth < 64 else {
            throw ServiceError(
                .invalidArgument, "The folder \(folder) nests too deep; does a link point to its parent?")
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = folder + "/" + name, relative = prefix + name
            guard !rules.excludes(relative) else { continue }
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { continue }
            if isDirectory.boolValue {
                try walk(path, prefix: relative + "/", rules, depth: depth + 1, &found)
            } else {
                found.append(File(path: path, name: relative, size: try size(of: path)))
            }
        }
    }
}

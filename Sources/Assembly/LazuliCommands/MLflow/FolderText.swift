import Crypto
import Foundation
import LazuliResources

/// The small text files that an `mlruns` folder is made of.
enum FolderText {
    /// Members as YAML: JSON's scalars are YAML's too.
    static func meta(_ members: [(String, JSON)]) -> String {
        members.map { "\($0.0): \($0.1.text)\n" }.joined()
    }

    /// A file below a folder whose name is a key such as `a/b`.
    /// - Throws: `invalidArgument` for keys that lead out of the folder.
    static func path(_ folder: String, _ key: String) throws -> String {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw ServiceError(.invalidArgument, "The name \"\(key)\" cannot be that of a file.", target: key)
        }
        return folder + "/" + key
    }

    static func write(_ text: String, to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// The MD5 of a text in hexadecimal digits: the file store names datasets so.
    static func fingerprint(_ text: String) -> String {
        Insecure.MD5.hash(data: Data(text.utf8)).hexadecimal
    }
}

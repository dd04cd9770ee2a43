import Foundation
import LazuliResources

/// Paths of this machine in files and flags.
enum LocalPath {
    static func absolute(_ path: String, from folder: String) -> String {
        let expanded = (path as NSString).expandingTildeInPath
        let joined = expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
        return URL(fileURLWithPath: joined).standardizedFileURL.path
    }

    /// Whether a text means something on this machine, and not a URI, an id, an expression or a named asset.
    static func isLocal(_ text: String) -> Bool {
        if text.hasPrefix("file:") { return true }
        let lower = text.lowercased()
        return !text.contains("://") && !lower.hasPrefix("azureml:") && !lower.hasPrefix("/subscriptions/")
            && !text.contains("${{") && !lower.hasPrefix("git+") && !lower.hasPrefix("runs:/")
    }

    /// The path without a `file:` in front.
    static func stripped(_ text: String) -> String {
        if text.hasPrefix("file://") { return String(text.dropFirst(7)) }
        return text.hasPrefix("file:") ? String(text.dropFirst(5)) : text
    }

    /// ` Did you mean "x"?` for a path that is not there, from what lies beside it.
    static func hint(_ path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return " The folder \(folder) does not exist either."
        }
        return NearestName.hint((path as NSString).lastPathComponent, among: names)
    }
}

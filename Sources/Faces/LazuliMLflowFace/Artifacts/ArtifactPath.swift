import Foundation
import LazuliTracking

/// Paths of artifacts as requests bring them.
enum ArtifactPath {
    /// Splits a relative path and refuses what could leave its folder: `..`, absolute paths, back slashes, drive
    /// letters, `#`, NUL. Escapes are undone as often as they are nested, so that none gets through in disguise.
    static func segments(_ path: String) throws -> [String] {
        let plain = try unescaped(path)
        let parts = plain.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let isDrive = plain.dropFirst().first == ":" && plain.first?.isLetter == true
        guard !plain.hasPrefix("/"), !isDrive, !plain.lowercased().hasPrefix("file:"),
            !plain.contains(where: { $0 == "\\" || $0 == "#" || $0 == "\0" }), !parts.contains("..")
        else { throw TrackingFault.invalid("Invalid path", target: "path") }
        return parts.filter { $0 != "." }
    }

    private static func unescaped(_ path: String) throws -> String {
        var current = path
        for _ in 0..<10 {
            guard current.contains("%"), let next = current.removingPercentEncoding, next != current else {
                return current
            }
            current = next
        }
        throw TrackingFault.invalid("Invalid path", target: "path")
    }
}

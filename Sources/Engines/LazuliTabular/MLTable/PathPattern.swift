import Foundation

/// A path with wildcards: `*` and `?` within a name, `[abc]` and `[a-z]` one of these characters, `**` any folders.
struct PathPattern: Sendable {
    /// The folder before the first wildcard.
    let folder: String
    private let segments: [String]

    init(_ pattern: String) {
        let all = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let fixed = all.prefix { !Self.hasWildcard($0) }
        let head = fixed.count == all.count ? Array(fixed.dropLast()) : Array(fixed)
        folder = head == [""] ? "/" : head.isEmpty ? "." : head.joined(separator: "/")
        segments = all.dropFirst(head.count).filter { $0 != "." && !$0.isEmpty }
    }

    static func hasWildcard(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

    /// The files that match, sorted by path.
    func files() -> [String] {
        FolderListing.files(below: folder).filter(matches).map { "\(folder)/\($0)" }
    }

    /// - Parameter path: relative to the folder.
    func matches(_ path: String) -> Bool {
        Self.matches(segments[...], path.split(separator: "/").map { Array($0) }[...])
    }

    private static func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<[Character]>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" {
            return matches(pattern.dropFirst(), path) || (!path.isEmpty && matches(pattern, path.dropFirst()))
        }
        guard let name = path.first, matches(Array(first)[...], name[...]) else { return false }
        return matches(pattern.dropFirst(), path.dropFirst())
    }

    private static func matches(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        switch first {
        case "*":
            return matches(pattern.dropFirst(), name) || (!name.isEmpty && matches(pattern, name.dropFirst()))
        case "?": return !name.isEmpty && matches(pattern.dropFirst(), name.dropFirst())
        case "[":
            guard let end = pattern.dropFirst().firstIndex(of: "]"), let character = name.first else { return false }
            let set = Array(pattern[pattern.index(after: pattern.startIndex)..<end])
            return contains(set, character) && matches(pattern[pattern.index(after: end)...], name.dropFirst())
        default: return name.first == first && matches(pattern.dropFirst(), name.dropFirst())
        }
    }

    private static func contains(_ set: [Character], _ character: Character) -> Bool {
        let isNegated = set.first == "!" || set.first == "^"
        var members = set[(isNegated ? 1 : 0)...], isIn = false
        while let first = members.popFirst() {
            if members.first == "-", let last = members.dropFirst().first {
                if first <= character, character <= last { isIn = true }
                members = members.dropFirst(2)
            } else if first == character {
                isIn = true
            }
        }
        return isIn != isNegated
    }
}

/// The files of folders.
enum FolderListing {
    /// Paths relative to the folder, sorted; without hidden files and those that Spark leaves beside data (`_SUCCESS`).
    static func files(below folder: String) -> [String] {
        guard let all = FileManager.default.enumerator(atPath: folder) else { return [] }
        var files: [String] = []
        while let path = all.nextObject() as? String {
            let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") || $0.hasPrefix("_") }
            if !isHidden,
                all.fileAttributes?[.type] as? FileAttributeType == .typeRegular || isLinkToFile("\(folder)/\(path)")
            {
                if !isHidden { files.append(path) }
            }
        }
        return files.sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func isLinkToFile(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path) && !isFolder(path)
    }
}

import Foundation

/// The rules of an `.amlignore` or `.gitignore` file: which files of a folder stay at home.
///
/// Source: gitignore(5). As in the stock client only the file in the folder's root counts, and `.amlignore` wins.
public struct IgnoreRules: Sendable {
    private struct Rule: Sendable {
        let segments: [[UInt8]]
        let excludes: Bool
        let foldersOnly: Bool
    }

    private var rules: [Rule] = []

    public init(lines: [String] = []) {
        rules = lines.compactMap(Self.rule)
    }

    /// The rules that hold in a folder: first some of our own, then those of its ignore file, which may overrule them.
    public init(folder: String, after own: [String] = []) {
        let file =
            [".amlignore", ".gitignore"].lazy
            .compactMap { FileManager.default.contents(atPath: folder + "/" + $0) }.first ?? Data()
        let lines = String(decoding: file, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        self.init(lines: own + lines)
    }

    /// Whether a path relative to the folder, slashes between its segments, stays at home. The last rule that fits decides.
    public func excludes(_ path: String) -> Bool {
        guard !rules.isEmpty else { return false }
        let segments = path.split(separator: "/").map { Array($0.utf8) }
        var excluded = false
        for rule in rules where Self.fits(rule.segments[...], segments[...], foldersOnly: rule.foldersOnly) {
            excluded = rule.excludes
        }
        return excluded
    }

    private static func rule(_ line: String) -> Rule? {
        var text = Substring(line)
        while text.last == " " && !text.hasSuffix("\\ ") { text.removeLast() }
        guard let first = text.first, first != "#" else { return nil }
        let excludes = first != "!"
        if !excludes { text.removeFirst() }
        let foldersOnly = text.last == "/"
        while text.last == "/" { text.removeLast() }
        guard !text.isEmpty else { return nil }
        let anchored = text.contains("/")
        var segments = text.split(separator: "/").map { Array($0.utf8) }
        if !anchored { segments.insert(Array("**".utf8), at: 0) }
        return Rule(segments: segments, excludes: excludes, foldersOnly: foldersOnly)
    }

    /// A rule fits a path that it matches whole, and everything below a folder that it matches.
    private static func fits(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>, foldersOnly: Bool) -> Bool {
        guard let head = pattern.first else { return !path.isEmpty || !foldersOnly }
        if head == Array("**".utf8) {
            let rest = pattern.dropFirst()
            if rest.isEmpty { return !path.isEmpty }
            return (path.startIndex...path.endIndex).contains {
                fits(rest, path[$0...], foldersOnly: foldersOnly)
            }
        }
        guard let name = path.first, Glob.matches(head[...], name[...]) else { return false }
        return fits(pattern.dropFirst(), path.dropFirst(), foldersOnly: foldersOnly)
    }
}

/// Shell patterns within one segment of a path: `*`, `?`, `[a-z]`, `[!a]`, and `\` before a character meant as itself.
enum Glob {
    static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let head = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch head {
        case UInt8(ascii: "*"):
            return (text.startIndex...text.endIndex).contains { matches(rest, text[$0...]) }
        case UInt8(ascii: "?"):
            return !text.isEmpty && matches(rest, text.dropFirst())
        case UInt8(ascii: "["):
            guard let (accepts, after) = characterClass(rest) else { break }
            guard let byte = text.first, accepts(byte) else { return false }
            return matches(after, text.dropFirst())
        case UInt8(ascii: "\\"):
            guard let literal = rest.first else { break }
            return text.first == literal && matches(rest.dropFirst(), text.dropFirst())
        default: break
        }
        return text.first == head && matches(rest, text.dropFirst())
    }

    /// What stands between the brackets, and the pattern after them; nil if the bracket is never closed.
    private static func characterClass(
        _ pattern: ArraySlice<UInt8>
    ) -> (accepts: (UInt8) -> Bool, after: ArraySlice<UInt8>)? {
        var rest = pattern
        let negated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if negated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "]") && !ranges.isEmpty {
                return ({ byte in ranges.contains { $0.contains(byte) } != negated }, rest)
            }
            if rest.first == UInt8(ascii: "-"), let upper = rest.dropFirst().first, upper != UInt8(ascii: "]") {
                ranges.append(min(byte, upper)...max(byte, upper))
                rest = rest.dropFirst(2)
            } else {
                ranges.append(byte...byte)
            }
        }
        return nil
    }
}

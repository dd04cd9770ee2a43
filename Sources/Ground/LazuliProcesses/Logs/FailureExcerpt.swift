/// What the end of a failed job's log says about the cause.
public struct FailureExcerpt: Sendable, Equatable {
    /// One sentence: the exception and where it was raised, or the log's last line.
    public let sentence: String
    /// The last lines of the traceback, the exception included; or the last lines of the log.
    public let lines: [String]

    /// Reads the end of a log. Nil if the log is empty or missing.
    public static func from(log path: String) -> FailureExcerpt? {
        from(lines: LogTail.lastLines(of: path, count: 2000, maxBytes: 256 * 1024))
    }

    static func from(lines raw: [String]) -> FailureExcerpt? {
        let lines = raw.map(withoutRankPrefix)
        if let traceback = lastTraceback(in: lines) { return excerpt(of: traceback) }
        if let index = lines.lastIndex(where: isExceptionLine) {
            let shown = Array(lines[max(0, index - 4)...index])
            return FailureExcerpt(sentence: lines[index], lines: shown)
        }
        let filled = lines.filter { !$0.allSatisfy(\.isWhitespace) }
        guard let last = filled.last else { return nil }
        return FailureExcerpt(sentence: last, lines: filled.suffix(5).map { $0 })
    }

    private static let shownLines = 12
    private static let header = "Traceback (most recent call last):"

    /// From its header to the exception line. A traceback that Python prints and ignores (in a finalizer) is no cause.
    private static func lastTraceback(in lines: [String]) -> ArraySlice<String>? {
        for start in lines.indices.reversed() where lines[start] == header {
            if start > 0 && lines[start - 1].hasPrefix("Exception ignored in") { continue }
            let end = lines[(start + 1)...].firstIndex { !$0.isEmpty && !$0.hasPrefix(" ") }
            guard let end else { continue }
            return lines[start...end]
        }
        return nil
    }

    private static func excerpt(of traceback: ArraySlice<String>) -> FailureExcerpt {
        let exception = traceback.last ?? ""
        let place = traceback.last { $0.hasPrefix("  File \"") }.flatMap(place)
        let sentence = place.map { "\(exception) (\($0))" } ?? exception
        return FailureExcerpt(sentence: sentence, lines: Array(traceback.suffix(shownLines)))
    }

    /// `  File "/code/train.py", line 12, in main` → `train.py, line 12, in main`.
    private static func place(_ line: String) -> String? {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count >= 3, let file = parts[1].split(separator: "/").last else { return nil }
        return String(file) + parts[2...].joined(separator: "\"")
    }

    /// `ValueError: bad`, `pkg.mod.SomeException`: a dotted name that ends as exceptions do, at the line's beginning.
    private static func isExceptionLine(_ line: String) -> Bool {
        let name = line.prefix { $0 != ":" }
        let isDotted =
            name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || "._".contains($0) }
        return isDotted && ["Error", "Exception", "Interrupt", "Exit"].contains { name.hasSuffix($0) }
    }

    /// torchrun and MPI put `[rank0]: ` or `[1,0]<stderr>:` before each line.
    private static func withoutRankPrefix(_ line: String) -> String {
        guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return line }
        let inside = line[line.index(after: line.startIndex)..<end]
        guard inside.hasPrefix("rank") || inside.allSatisfy({ $0.isNumber || $0 == "," }) else { return line }
        var rest = line[line.index(after: end)...]
        for mark in ["<stderr>", "<stdout>"] where rest.hasPrefix(mark) { rest = rest.dropFirst(mark.count) }
        guard rest.hasPrefix(":") else { return line }
        rest = rest.dropFirst()
        return String(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
    }
}

import LazuliResources

/// A filter of request rows: conditions joined by `and`, such as `status >= 500 and latency > 100ms and time > 2026-11-20`;
/// a word by itself is looked for in the request's and the trace's id.
struct RequestQuery: Sendable {
    private struct Condition: Sendable {
        let field: Field
        let comparison: Comparison
        let value: Double
    }

    private enum Field: String, CaseIterable {
        /// Milliseconds in `latency` and `wait`, bytes in `size` and `answer`.
        case status, latency, wait, size, answer, time

        func value(of row: RequestRow) -> Double {
            switch self {
            case .status: Double(row.status)
            case .latency: Double(row.latency) / 1000
            case .wait: Double(row.wait) / 1000
            case .size: Double(row.requestBytes)
            case .answer: Double(row.answerBytes)
            case .time: Double(row.time)
            }
        }
    }

    private enum Comparison: String, CaseIterable {
        // Longer ones first: they begin like the shorter.
        case atMost = "<="
        case atLeast = ">="
        case differs = "!="
        case equals = "=="
        case less = "<"
        case more = ">"
        case same = "="

        func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .atMost: left <= right
            case .atLeast: left >= right
            case .differs: left != right
            case .equals, .same: left == right
            case .less: left < right
            case .more: left > right
            }
        }
    }

    private var conditions: [Condition] = []
    private var words: [String] = []

    /// - Throws: `invalidArgument` that names the part it cannot read, and the fields there are.
    init(_ text: String) throws {
        for part in text.replacing(" AND ", with: " and ").split(separator: " and ") {
            let part = part.trimmingPrefix(while: \.isWhitespace)
            guard let (comparison, place) = Self.comparison(in: part) else {
                words += part.split(separator: " ").map { $0.lowercased() }
                continue
            }
            let name = part[..<place.lowerBound].filter { !$0.isWhitespace }.lowercased()
            let value = part[place.upperBound...].filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
            guard let field = Field(rawValue: name), let number = Self.number(String(value), field) else {
                throw ServiceError(
                    .invalidArgument,
                    "The query's \"\(part)\" is not understood. Conditions are `field >= value`, joined by `and`; fields are "
                        + Field.allCases.map(\.rawValue).joined(separator: ", ")
                        + " (latency and wait in ms, time as 2026-11-20T10:00:00Z).", target: "query")
            }
            conditions.append(Condition(field: field, comparison: comparison, value: number))
        }
    }

    private static func comparison(in part: Substring) -> (Comparison, Range<Substring.Index>)? {
        Comparison.allCases.lazy.compactMap { each in part.firstRange(of: each.rawValue).map { (each, $0) } }.first
    }

    private static func number(_ text: String, _ field: Field) -> Double? {
        if field == .time {
            return (Timestamp.milliseconds(text) ?? Timestamp.milliseconds(text + "T00:00:00Z")).map(Double.init)
        }
        if text.hasSuffix("ms") { return Double(text.dropLast(2)) }
        if text.hasSuffix("s") { return Double(text.dropLast()).map { $0 * 1000 } }
        return Double(text)
    }

    func matches(_ row: RequestRow) -> Bool {
        conditions.allSatisfy { $0.comparison.holds($0.field.value(of: row), $0.value) }
            && words.allSatisfy { row.requestID.lowercased().contains($0) || row.traceText.contains($0) }
    }
}

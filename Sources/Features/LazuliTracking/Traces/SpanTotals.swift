import LazuliResources

/// The tokens and the money that a whole trace took.
///
/// A span that calls others may already count what they took, so a span counts only if none above it does.
enum SpanTotals {
    private static let tokens = ["input_tokens", "output_tokens", "total_tokens"]
    private static let cachedTokens = ["cache_read_input_tokens", "cache_creation_input_tokens"]
    private static let costs = ["input_cost", "output_cost", "total_cost"]

    /// As metadata has it; nil if no span tells.
    static func tokenUsage(of spans: [SpanFigures]) -> JSON? {
        let counted = counted(spans, \.tokenUsage)
        guard !counted.isEmpty else { return nil }
        var totals = JSONObject()
        for key in tokens { totals[key] = .integer(counted.reduce(0) { $0 + Int64($1[key].integer ?? 0) }) }
        for key in cachedTokens where counted.contains(where: { !$0[key].isNull }) {
            totals[key] = .integer(counted.reduce(0) { $0 + Int64($1[key].integer ?? 0) })
        }
        return .object(totals)
    }

    static func cost(of spans: [SpanFigures]) -> JSON? {
        let counted = counted(spans, \.cost)
        guard !counted.isEmpty else { return nil }
        return .object(
            JSONObject(costs.map { key in (key, .number(counted.reduce(0) { $0 + ($1[key].number ?? 0) })) }))
    }

    private static func counted(_ spans: [SpanFigures], _ figure: (SpanFigures) -> JSON) -> [JSON] {
        let byID = Dictionary(spans.map { ($0.spanID, $0) }) { first, _ in first }
        return spans.filter { span in
            guard figure(span).object != nil else { return false }
            var seen: Set<String> = [span.spanID]
            var above = span.parentID.flatMap { byID[$0] }
            while let current = above, seen.insert(current.spanID).inserted {
                if figure(current).object != nil { return false }
                above = current.parentID.flatMap { byID[$0] }
            }
            return true
        }.map(figure)
    }
}

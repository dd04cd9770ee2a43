import Foundation
import GRDB
public import LazuliResources

/// How much two conditions on traces go together.
public struct TraceCorrelation: Sendable, Equatable {
    public let total: Int64
    public let first: Int64
    public let second: Int64
    public let joint: Int64

    /// Normalised pointwise mutual information, from -1 (never together) to 1 (always together); NaN where one of the
    /// conditions is never true. Source: Bouma, "Normalized (Pointwise) Mutual Information in Collocation Extraction".
    public var npmi: Double {
        guard isDefined else { return .nan }
        return joint == 0 ? -1 : npmi(adding: 0)
    }

    /// The same with half a trace added to each of the four cells (Jeffreys' prior), which is steadier for few traces.
    public var smoothedNPMI: Double { isDefined ? npmi(adding: 0.5) : .nan }

    private var isDefined: Bool {
        total > 0 && first > 0 && second > 0 && joint <= min(first, second) && total - first - second + joint >= 0
    }

    private func npmi(adding prior: Double) -> Double {
        if first == joint, second == joint, total == joint { return 1 }
        let both = Double(joint) + prior, all = Double(total) + 4 * prior
        let one = Double(first) + 2 * prior, other = Double(second) + 2 * prior
        let information = log(both * all / (one * other))
        return max(-1, min(1, information / -log(both / all)))
    }
}

extension SearchService {
    /// - Parameter base: a filter that all counted traces pass.
    public func correlation(
        _ first: String, _ second: String, base: String?, experiments: [String], in scope: WorkspaceScope
    ) async throws -> TraceCorrelation {
        let first = try FilterParser.parse(first, .traces), second = try FilterParser.parse(second, .traces)
        let base = try FilterParser.parse(base, .traces)
        return try await store.read(scope) { database, workspace in
            let rows = try Self.rows(of: experiments, workspace, database)
            guard !rows.isEmpty else { return TraceCorrelation(total: 0, first: 0, second: 0, joint: 0) }
            var statement = SQLPiece("SELECT COUNT(*), SUM(a), SUM(b), SUM(a AND b) FROM (SELECT")
            statement.append(try first.map(TraceSearch.condition) ?? .always)
            statement.append("AS a,")
            statement.append(try second.map(TraceSearch.condition) ?? .always)
            statement.append("AS b")
            statement.append(try TraceSearch(experiments: rows, filter: base).source())
            statement.append(")")
            let row = try Row.fetchOne(database, sql: statement.sql, arguments: statement.arguments)
            func count(_ index: Int) -> Int64 { row?[index] ?? 0 }
            return TraceCorrelation(total: count(0), first: count(1), second: count(2), joint: count(3))
        }
    }
}

import GRDB
public import LazuliResources

/// A question for figures on traces, their spans or their assessments.
public struct TraceMetricQuery: Sendable {
    public enum View: String, Sendable, CaseIterable {
        case traces = "TRACES"
        case spans = "SPANS"
        case assessments = "ASSESSMENTS"
    }

    public enum Aggregation: Sendable, Equatable {
        case count, sum, average, minimum, maximum
        /// From 0 to 100.
        case percentile(Double)
    }

    public var experiments: [String]
    public var view: View
    public var metric: String
    public var aggregations: [Aggregation]
    /// What the figures are grouped by.
    public var dimensions: [String]
    public var filters: [String]
    /// Seconds; nil for no grouping by time.
    public var interval: Int64?
    /// Milliseconds since 1970, both ends included.
    public var from: Int64?
    public var to: Int64?
    public var maxResults: Int64?

    public init(
        experiments: [String], view: View, metric: String, aggregations: [Aggregation], dimensions: [String],
        filters: [String], interval: Int64?, from: Int64?, to: Int64?, maxResults: Int64?
    ) {
        self.experiments = experiments
        self.view = view
        self.metric = metric
        self.aggregations = aggregations
        self.dimensions = dimensions
        self.filters = filters
        self.interval = interval
        self.from = from
        self.to = to
        self.maxResults = maxResults
    }

    static let usualPage: Int64 = 1000
}

/// The figures of one group.
public struct TraceMetricPoint: Sendable, Equatable {
    public let dimensions: [Entry]
    public let values: [(name: String, value: Double)]

    public static func == (left: TraceMetricPoint, right: TraceMetricPoint) -> Bool {
        left.dimensions == right.dimensions && left.values.elementsEqual(right.values, by: ==)
    }
}

extension SearchService {
    public func traceMetrics(
        _ query: TraceMetricQuery, in scope: WorkspaceScope
    ) async throws -> [TraceMetricPoint] {
        try TraceMetricStatement.check(query)
        return try await store.read(scope) { database, workspace in
            let rows = try Self.rows(of: query.experiments, workspace, database)
            guard !rows.isEmpty else { return [] }
            return try TraceMetricStatement(query: query, experiments: rows).points(database)
        }
    }
}

/// Turns such a question into a statement, and its rows into figures.
struct TraceMetricStatement {
    let query: TraceMetricQuery
    let experiments: [Int64]

    static let timeDimension = "time_bucket"

    // MARK: Names

    /// The value of each metric, by the view.
    private static func column(_ metric: String, _ view: TraceMetricQuery.View) -> String? {
        switch (view, metric) {
        case (.traces, "trace_count"): "t.id"
        case (.traces, "latency"): "t.duration"
        case (.traces, "session_count"): metadata(TraceKey.session)
        case (.traces, let name) where name.hasSuffix("_tokens"):
            tokenNames.contains(name) ? "json_extract(\(metadata(TraceKey.tokenUsage)), '$.\(name)')" : nil
        case (.spans, "span_count"): "s.id"
        case (.spans, "latency"): "(s.endTime - s.startTime) / 1000000"
        case (.spans, "input_cost"), (.spans, "output_cost"), (.spans, "total_cost"):
            "json_extract(s.cost, '$.\(metric)')"
        case (.assessments, "assessment_count"): "x.id"
        case (.assessments, "assessment_value"):
            """
            CASE WHEN x.value IN ('true', '"yes"') THEN 1.0 WHEN x.value IN ('false', '"no"') THEN 0.0 \
            WHEN json_type(x.value) IN ('integer', 'real') THEN json_extract(x.value, '$') END
            """
        default: nil
        }
    }

    private static let tokenNames: Set<String> = [
        "input_tokens", "output_tokens", "total_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
    ]

    private static func metadata(_ key: String) -> String {
        "(SELECT d.value FROM traceMetadata d WHERE d.traceID = t.id AND d.key = '\(key)')"
    }

    private static func dimension(_ name: String, _ view: TraceMetricQuery.View) -> String? {
        switch (view, name) {
        case (.traces, "trace_name"):
            "(SELECT g.value FROM traceTag g WHERE g.traceID = t.id AND g.key = '\(TraceKey.name)')"
        case (.traces, "trace_status"): "t.state"
        case (.spans, "span_name"): "s.name"
        case (.spans, "span_type"): "s.type"
        case (.spans, "span_status"): "s.status"
        case (.spans, "span_model_name"): "s.model"
        case (.spans, "span_model_provider"): "s.provider"
        case (.assessments, "assessment_name"): "x.name"
        case (.assessments, "assessment_value"): "x.value"
        default: nil
        }
    }

    static func check(_ query: TraceMetricQuery) throws {
        guard column(query.metric, query.view) != nil else {
            throw TrackingFault.invalid(
                "metric_name '\(query.metric)' is not one of the view \(query.view.rawValue).", target: "metric_name")
        }
        if let unknown = query.dimensions.first(where: { dimension($0, query.view) == nil }) {
            throw TrackingFault.invalid(
                "Found invalid dimension(s): ['\(unknown)'] for the view \(query.view.rawValue).", target: "dimensions")
        }
        if let interval = query.interval, interval < 1 || query.from == nil || query.to == nil {
            throw TrackingFault.invalid(
                "start_time_ms and end_time_ms are required if time_interval_seconds is set", target: "start_time_ms")
        }
    }

    // MARK: Statement

    private var time: String {
        switch query.view {
        case .traces: "t.requestTime"
        case .spans: "s.startTime / 1000000"
        case .assessments: "x.createdAt"
        }
    }

    private func statement() throws -> SQLPiece {
        var groups: [String] = []
        if let interval = query.interval { groups.append("(\(time)) / \(interval * 1000) * \(interval * 1000)") }
        groups += query.dimensions.compactMap { Self.dimension($0, query.view) }
        let columns = groups + [Self.column(query.metric, query.view) ?? "NULL"]
        var piece = SQLPiece("SELECT \(columns.joined(separator: ", ")) FROM trace t")
        switch query.view {
        case .traces: break
        case .spans: piece.append("JOIN span s ON s.traceID = t.id")
        case .assessments: piece.append("JOIN assessment x ON x.traceID = t.id AND x.isValid")
        }
        piece.append(
            "WHERE t.experimentID IN (\(Comparison.marks(experiments.count)))", StatementArguments(experiments))
        if let from = query.from { piece.append("AND t.requestTime >= ?", [from]) }
        if let to = query.to { piece.append("AND t.requestTime <= ?", [to]) }
        for filter in query.filters {
            guard let expression = try FilterParser.parse(filter, .traceMetrics) else { continue }
            piece.append("AND")
            piece.append(try .condition(expression, condition))
        }
        if !groups.isEmpty {
            piece.append("ORDER BY " + groups.indices.map { String($0 + 1) }.joined(separator: ", "))
        }
        return piece
    }

    private func condition(_ comparison: Comparison) throws -> SQLPiece {
        switch (comparison.field.entity, query.view) {
        case (.span, .spans): return try TraceSearch.spanCondition(comparison)
        case (.assessment, .assessments):
            guard let column = ["name": "x.name", "type": "x.kind"][comparison.field.key] else {
                throw FilterFault.invalid(
                    "Invalid entity '\(comparison.field.key)' specified for view type 'assessment'. "
                        + "Valid entities are ['name', 'type']", at: comparison.position)
            }
            return comparison.compares(column)
        case (.span, _), (.assessment, _):
            throw FilterFault.invalid(
                "A filter on a \(comparison.field.entity.rawValue) needs the view of them", at: comparison.position)
        default: return try TraceSearch.condition(comparison)
        }
    }

    // MARK: Figures

    func points(_ database: Database) throws -> [TraceMetricPoint] {
        let names = (query.interval == nil ? [] : [Self.timeDimension]) + query.dimensions
        let statement = try statement()
        var points: [TraceMetricPoint] = [], group: [Entry] = [], values: [DatabaseValue] = []
        func close() {
            if let point = point(group, values) { points.append(point) }
            values = []
        }
        let rows = try Row.fetchCursor(database, sql: statement.sql, arguments: statement.arguments)
        while let row = try rows.next() {
            let next = names.enumerated().compactMap { index, name in Self.entry(name, row[index]) }
            if next.count < names.count { continue }
            if next != group, !values.isEmpty { close() }
            group = next
            let value: DatabaseValue = row[names.count]
            if !value.isNull { values.append(value) }
        }
        if !values.isEmpty { close() }
        return Array(points.prefix(Int(query.maxResults ?? TraceMetricQuery.usualPage)))
    }

    private static func entry(_ name: String, _ value: DatabaseValue) -> Entry? {
        if name == timeDimension {
            return Int64.fromDatabaseValue(value).map { time in
                Entry(name, Timestamp.text(time).replacing(".000Z", with: "+00:00"))
            }
        }
        return String.fromDatabaseValue(value).map { Entry(name, $0) }
    }

    private func point(_ group: [Entry], _ values: [DatabaseValue]) -> TraceMetricPoint? {
        let isDistinct = query.metric == "session_count"
        let count = isDistinct ? Set(values).count : values.count
        let numbers = values.compactMap { Double.fromDatabaseValue($0) }.sorted()
        let results: [(name: String, value: Double)] = query.aggregations.compactMap { aggregation in
            aggregation.value(of: numbers, count: count).map { (aggregation.name, $0) }
        }
        return results.isEmpty ? nil : TraceMetricPoint(dimensions: group, values: results)
    }
}

extension TraceMetricQuery.Aggregation {
    /// As the answer names it: `COUNT`, `P99.0`.
    var name: String {
        switch self {
        case .count: "COUNT"
        case .sum: "SUM"
        case .average: "AVG"
        case .minimum: "MIN"
        case .maximum: "MAX"
        case .percentile(let value): "P\(value)"
        }
    }

    /// - Parameter sorted: the numbers in rising order.
    func value(of sorted: [Double], count: Int) -> Double? {
        if self == .count { return Double(count) }
        guard let first = sorted.first, let last = sorted.last else { return nil }
        switch self {
        case .count: return Double(count)
        case .sum: return sorted.reduce(0, +)
        case .average: return sorted.reduce(0, +) / Double(sorted.count)
        case .minimum: return first
        case .maximum: return last
        case .percentile(let percent):
            // Linear between the two nearest, as numpy's default.
            let place = min(max(percent, 0), 100) / 100 * Double(sorted.count - 1), below = Int(place)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
        }
    }
}

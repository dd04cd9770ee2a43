import GRDB
public import LazuliResources

/// Turns a search of traces into a statement.
struct TraceSearch {
    /// Rows of experiments.
    let experiments: [Int64]
    let filter: FilterExpression?

    /// From `FROM` to the end of `WHERE`.
    func source() throws -> SQLPiece {
        var piece = SQLPiece("FROM trace t JOIN experiment e ON e.id = t.experimentID WHERE")
        piece.append(
            experiments.count == 1
                ? "t.experimentID = ?" : "t.experimentID IN (\(Comparison.marks(experiments.count)))",
            StatementArguments(experiments))
        if let filter {
            piece.append("AND")
            piece.append(try Self.condition(filter))
        }
        return piece
    }

    func rows(_ orders: [SearchOrder], limit: Int, offset: Int, _ database: Database) throws -> [TraceRow] {
        guard !experiments.isEmpty else { return [] }
        var statement = SQLPiece("SELECT \(TraceRow.columns)")
        statement.append(try source())
        statement.append("ORDER BY")
        statement.append(try Self.ordering(orders))
        statement.append("LIMIT ? OFFSET ?", [limit, offset])
        return try Row.fetchAll(database, sql: statement.sql, arguments: statement.arguments).map(TraceRow.init)
    }

    // MARK: Order

    private static func ordering(_ orders: [SearchOrder]) throws -> SQLPiece {
        var terms = SQLPiece("")
        for order in orders {
            let term = try orderTerm(order.field)
            if !neverNull.contains(order.field.key) || order.field.entity != .attribute {
                terms.append(term)
                terms.append("IS NULL,")
            }
            terms.append(term)
            terms.append(order.isAscending ? "ASC," : "DESC,")
        }
        let keys = orders.filter { $0.field.entity == .attribute }.map(\.field.key)
        let last = [("timestamp_ms", "t.requestTime DESC"), ("request_id", "t.traceID ASC")]
        terms.append(last.filter { !keys.contains($0.0) }.map(\.1).joined(separator: ", "))
        if terms.sql.hasSuffix(", ") || terms.sql.hasSuffix(",") { terms.append("t.id") }
        return terms
    }

    private static let neverNull: Set<String> = [
        "timestamp_ms", "request_id", "status", "end_time_ms", "experiment_id",
    ]

    private static func orderTerm(_ field: SearchField) throws -> SQLPiece {
        switch (field.entity, field.key) {
        case (.attribute, "name"): return entry("traceTag", TraceKey.name)
        case (.attribute, "run_id"): return entry("traceMetadata", TraceKey.sourceRun)
        case (.attribute, "text"), (.attribute, "prompt"): break
        case (.attribute, let key): return SQLPiece(column(key))
        case (.tag, let key): return entry("traceTag", key)
        case (.metadata, let key): return entry("traceMetadata", key)
        default: break
        }
        throw TrackingFault.invalid(
            "Invalid order_by entity `\(field.entity.rawValue)` with key `\(field.key)`", target: "order_by")
    }

    private static func entry(_ table: String, _ key: String) -> SQLPiece {
        SQLPiece("(SELECT o.value FROM \(table) o WHERE o.traceID = t.id AND o.key = ?)", [key])
    }

    private static func column(_ attribute: String) -> String {
        switch attribute {
        case "request_id": "t.traceID"
        case "client_request_id": "t.clientRequestID"
        case "status": "t.state"
        case "execution_time_ms": "t.duration"
        case "end_time_ms": "(t.requestTime + COALESCE(t.duration, 0))"
        case "experiment_id": "e.number"
        default: "t.requestTime"
        }
    }

    // MARK: Filter

    /// Comparisons of spans that are joined by AND speak of one span.
    static func condition(_ expression: FilterExpression) throws -> SQLPiece {
        switch expression {
        case .comparison(let comparison): return try condition(comparison)
        case .any(let parts): return .joined(try parts.map(condition), by: "OR")
        case .not(let inner):
            let piece = try condition(inner)
            return SQLPiece("NOT COALESCE(\(piece.sql), 0)", piece.arguments)
        case .all(let parts):
            var pieces: [SQLPiece] = [], ofSpan: [SQLPiece] = []
            for part in parts {
                if case .comparison(let comparison) = part, comparison.field.entity == .span {
                    ofSpan.append(try spanCondition(comparison))
                } else {
                    pieces.append(try condition(part))
                }
            }
            if !ofSpan.isEmpty { pieces.append(ofAnySpan(.joined(ofSpan, by: "AND"))) }
            return .joined(pieces, by: "AND")
        }
    }

    static func condition(_ comparison: Comparison) throws -> SQLPiece {
        let key = comparison.field.key
        switch comparison.field.entity {
        case .tag: return entryCondition("traceTag", key, comparison)
        case .metadata: return entryCondition("traceMetadata", key, comparison)
        case .span: return ofAnySpan(try spanCondition(comparison))
        case .feedback, .expectation: return assessmentCondition(comparison)
        case .issue:
            let named = comparison.compares("x.name")
            return SQLPiece(
                "EXISTS (SELECT 1 FROM assessment x WHERE x.traceID = t.id AND x.kind = 'issue' AND \(named.sql))",
                named.arguments)
        default: break
        }
        switch key {
        case "name": return entryCondition("traceTag", TraceKey.name, comparison)
        case "run_id": return runCondition(comparison)
        case "prompt": return try promptCondition(comparison)
        case "text": return ofAnySpan(try contentCondition(comparison))
        default: return comparison.compares(column(key))
        }
    }

    private static func entryCondition(_ table: String, _ key: String, _ comparison: Comparison) -> SQLPiece {
        let inside = "SELECT 1 FROM \(table) x WHERE x.traceID = t.id AND x.key = ?"
        switch comparison.operation {
        case .isNull: return SQLPiece("NOT EXISTS (\(inside))", [key])
        case .isNotNull: return SQLPiece("EXISTS (\(inside))", [key])
        default:
            let value = comparison.compares("x.value")
            return SQLPiece("EXISTS (\(inside) AND \(value.sql))", [key] + value.arguments)
        }
    }

    /// The run under which a trace was made, or one to which it was linked later.
    private static func runCondition(_ comparison: Comparison) -> SQLPiece {
        let made = entryCondition("traceMetadata", TraceKey.sourceRun, comparison)
        guard [.equal, .isIn].contains(comparison.operation) else { return made }
        return .joined([made, linkCondition(.run, comparison)], by: "OR")
    }

    private static func linkCondition(_ kind: TraceTable.Link, _ comparison: Comparison) -> SQLPiece {
        let target = comparison.compares("l.target")
        return SQLPiece(
            """
            EXISTS (SELECT 1 FROM traceLink l
                WHERE l.workspaceID = t.workspaceID AND l.traceID = t.traceID AND l.kind = ? AND \(target.sql))
            """,
            [kind.rawValue] + target.arguments)
    }

    private static func promptCondition(_ comparison: Comparison) throws -> SQLPiece {
        guard comparison.operation == .equal else {
            throw FilterFault.invalid(
                "Invalid comparator '\(comparison.operation.rawValue)' for prompts filter. "
                    + "Only '=' is supported with format: prompt = \"name/version\"", at: comparison.position)
        }
        guard case .text(let prompt) = comparison.value, prompt.split(separator: "/").count == 2 else {
            throw FilterFault.invalid(
                "Invalid prompts filter value. Expected format: prompt = \"name/version\"", at: comparison.position)
        }
        return linkCondition(.prompt, comparison)
    }

    // MARK: Spans

    private static func ofAnySpan(_ condition: SQLPiece) -> SQLPiece {
        SQLPiece("EXISTS (SELECT 1 FROM span s WHERE s.traceID = t.id AND \(condition.sql))", condition.arguments)
    }

    /// A condition on the span `s`.
    static func spanCondition(_ comparison: Comparison) throws -> SQLPiece {
        switch comparison.field.key {
        case "name": return comparison.compares("s.name")
        case "type": return comparison.compares("s.type")
        case "status": return comparison.compares("s.status")
        case "content": return try contentCondition(comparison)
        case let key: return attributeCondition(String(key.dropFirst(SearchGrammar.spanAttribute.count)), comparison)
        }
    }

    private static func contentCondition(_ comparison: Comparison) throws -> SQLPiece {
        guard [.like, .ilike].contains(comparison.operation) else {
            throw FilterFault.invalid(
                "The text of a trace is compared with LIKE or ILIKE, not with '\(comparison.operation.rawValue)'",
                at: comparison.position)
        }
        return comparison.compares("s.content")
    }

    /// Lists and objects are compared by their JSON.
    private static let attributeValue =
        "CASE a.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(a.value AS TEXT) END"

    private static func attributeCondition(_ name: String, _ comparison: Comparison) -> SQLPiece {
        let value = comparison.compares(attributeValue)
        return SQLPiece(
            """
            EXISTS (SELECT 1 FROM json_each(s.content, '$.attributes') a
                WHERE a.key = ? AND \(value.sql))
            """, [name] + value.arguments)
    }

    // MARK: Assessments

    /// A text is compared with the value's own text, so that `'true'` finds true and `'4'` finds 4.
    private static func assessmentCondition(_ comparison: Comparison) -> SQLPiece {
        let inside = "SELECT 1 FROM assessment x WHERE x.traceID = t.id AND x.kind = ? AND x.name = ? AND x.isValid"
        let named: StatementArguments = [comparison.field.entity.rawValue, comparison.field.key]
        switch (comparison.operation, comparison.value) {
        case (.isNull, _): return SQLPiece("NOT EXISTS (\(inside))", named)
        case (.isNotNull, _): return SQLPiece("EXISTS (\(inside))", named)
        case (_, .number):
            let value = comparison.compares("json_extract(x.value, '$')")
            return SQLPiece(
                "EXISTS (\(inside) AND json_type(x.value) IN ('integer', 'real') AND \(value.sql))",
                named + value.arguments)
        default:
            let text = "CASE json_type(x.value) WHEN 'text' THEN json_extract(x.value, '$') ELSE x.value END"
            let value = comparison.compares(text)
            return SQLPiece("EXISTS (\(inside) AND \(value.sql))", named + value.arguments)
        }
    }
}

extension SearchService {
    static let usualPageOfTraces = 100

    /// - Parameter experiments: the ids of the experiments to search; none finds nothing.
    public func traces(
        _ request: SearchRequest, experiments: [String], in scope: WorkspaceScope
    ) async throws -> SearchPage<TraceInfo> {
        let size = try Self.tracePageSize(request.maxResults), offset = try PageToken.offset(of: request.pageToken)
        let filter = try FilterParser.parse(request.filter, .traces)
        let orders = try OrderParser.parse(request.orderBy, .traces)
        return try await store.read(scope) { database, workspace in
            let search = TraceSearch(
                experiments: try Self.rows(of: experiments, workspace, database), filter: filter)
            let found = try search.rows(orders, limit: size + 1, offset: offset, database)
            return SearchPage(
                items: try TraceTable.filled(Array(found.prefix(size)), database),
                nextPageToken: found.count > size ? PageToken.text(offset: offset + size) : nil)
        }
    }

    private static func tracePageSize(_ asked: Int64?) throws -> Int {
        let limit = TrackingLimits.pageOfTraces
        guard let asked else { return usualPageOfTraces }
        guard asked >= 1, asked <= limit else {
            let rule = asked < 1 ? "a positive integer" : "at most \(limit)"
            throw TrackingFault.invalid(
                "Invalid value \(asked) for parameter 'max_results' supplied. It must be \(rule)",
                target: "max_results")
        }
        return Int(asked)
    }
}

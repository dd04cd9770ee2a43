import GRDB
import LazuliResources

/// What a span says of tokens or money, and whose child it is.
struct SpanFigures {
    let spanID: String
    let parentID: String?
    let tokenUsage: JSON
    let cost: JSON
}

/// The statements on spans.
enum SpanTable {
    /// Stores a span; one with the same id is replaced, as a span may be sent when it begins and when it ends.
    static func put(_ span: Span, trace: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO span (traceID, spanID, parentID, name, type, status, startTime, endTime, model, provider,
                    tokenUsage, cost, content)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (traceID, spanID) DO UPDATE SET parentID = excluded.parentID, name = excluded.name,
                    type = excluded.type, status = excluded.status, startTime = excluded.startTime,
                    endTime = excluded.endTime, model = excluded.model, provider = excluded.provider,
                    tokenUsage = excluded.tokenUsage, cost = excluded.cost, content = excluded.content
                """)
        try statement.execute(arguments: [
            trace, span.spanID, span.parentID, span.name,
            span[attribute: SpanKey.type]?.parsed.string ?? SpanKey.unknownType, span.status.code.rawValue,
            span.startTime, span.endTime, span[attribute: SpanKey.model]?.parsed.string,
            span[attribute: SpanKey.provider]?.parsed.string, span[attribute: SpanKey.tokenUsage]?.parsed.text,
            span[attribute: SpanKey.cost]?.parsed.text, span.stored.text,
        ])
    }

    /// The spans of traces by the traces' rows: roots first, then by start.
    static func spans(of traces: [Int64], _ database: Database) throws -> [Int64: [Span]] {
        guard !traces.isEmpty else { return [:] }
        let list = "[" + traces.map(String.init).joined(separator: ",") + "]"
        let statement = try database.cachedStatement(
            sql: """
                SELECT s.traceID, s.content FROM json_each(?) j CROSS JOIN span s ON s.traceID = j.value
                ORDER BY s.parentID IS NOT NULL, s.startTime, s.id
                """)
        var found: [Int64: [Span]] = [:]
        let rows = try Row.fetchCursor(statement, arguments: [list])
        while let row = try rows.next() {
            let content: String = row[1]
            found[row[0], default: []].append(Span(stored: try JSON(parsing: content)))
        }
        return found
    }

    static func figures(of trace: Int64, _ database: Database) throws -> [SpanFigures] {
        let statement = try database.cachedStatement(
            sql: "SELECT spanID, parentID, tokenUsage, cost FROM span WHERE traceID = ?")
        return try Row.fetchAll(statement, arguments: [trace]).map { row in
            let usage: String? = row[2], cost: String? = row[3]
            return SpanFigures(
                spanID: row[0], parentID: row[1],
                tokenUsage: usage.flatMap { try? JSON(parsing: $0) } ?? .null,
                cost: cost.flatMap { try? JSON(parsing: $0) } ?? .null)
        }
    }
}

extension SpanValue {
    /// The value, or what its text means where clients wrote JSON into a text.
    var parsed: JSON {
        guard case .text(let text) = self, let first = text.utf8.first, "{[\"".utf8.contains(first) else { return json }
        return (try? JSON(parsing: text)) ?? json
    }
}

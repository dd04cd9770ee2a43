import GRDB
import LazuliResources

/// The statements on assessments.
enum AssessmentTable {
    private static let columns = """
        a.traceID, a.assessmentID, a.name, a.kind, a.value, a.error, a.spanID, a.sourceType, a.sourceID, a.rationale, \
        a.metadata, a.overrides, a.isValid, a.createdAt, a.updatedAt
        """

    /// - Parameter traceID: the trace's name, which the row does not hold.
    private static func assessment(_ row: Row, traceID: String) -> Assessment {
        let kind: String = row[3], value = json(row[4]), error: String? = row[5]
        let content: Assessment.Value =
            switch kind {
            case "expectation": .expectation(value)
            case "issue": .issue(value.string ?? "")
            default: .feedback(value, error: error.map { json($0) })
            }
        let metadata: String? = row[10]
        return Assessment(
            assessmentID: row[1], traceID: traceID, name: row[2], value: content,
            source: Assessment.Source(type: row[7], id: row[8]), spanID: row[6], rationale: row[9],
            metadata: (metadata.map { json($0) }?.object?.pairs ?? []).map { Entry($0.key, $0.value.scalarText ?? "") },
            overrides: row[11], isValid: row[12], createdAt: row[13], updatedAt: row[14])
    }

    private static func json(_ text: String) -> JSON { (try? JSON(parsing: text)) ?? .null }

    static func find(
        _ assessmentID: String, trace: Int64, traceID: String, _ database: Database
    ) throws -> Assessment? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM assessment a WHERE a.traceID = ? AND a.assessmentID = ?")
        return try Row.fetchOne(statement, arguments: [trace, assessmentID]).map { assessment($0, traceID: traceID) }
    }

    /// The assessments of a page of traces by the traces' rows, the oldest first.
    static func all(of traces: [Int64: String], _ database: Database) throws -> [Int64: [Assessment]] {
        let list = "[" + traces.keys.map(String.init).joined(separator: ",") + "]"
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(columns) FROM json_each(?) j CROSS JOIN assessment a ON a.traceID = j.value
                ORDER BY a.createdAt, a.id
                """)
        var found: [Int64: [Assessment]] = [:]
        let rows = try Row.fetchCursor(statement, arguments: [list])
        while let row = try rows.next() {
            let trace: Int64 = row[0]
            found[trace, default: []].append(assessment(row, traceID: traces[trace] ?? ""))
        }
        return found
    }

    /// Stores an assessment; one with the same id is replaced.
    static func put(_ assessment: Assessment, trace: Int64, _ database: Database) throws {
        let (kind, value, error) = parts(of: assessment.value)
        let metadata =
            assessment.metadata.isEmpty
            ? nil : JSON.object(JSONObject(assessment.metadata.map { ($0.key, .string($0.value)) })).text
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO assessment (traceID, assessmentID, name, kind, value, error, spanID, sourceType, sourceID,
                    rationale, metadata, overrides, isValid, createdAt, updatedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (traceID, assessmentID) DO UPDATE SET name = excluded.name, kind = excluded.kind,
                    value = excluded.value, error = excluded.error, rationale = excluded.rationale,
                    metadata = excluded.metadata, isValid = excluded.isValid, updatedAt = excluded.updatedAt
                """)
        try statement.execute(arguments: [
            trace, assessment.assessmentID, assessment.name, kind, value, error, assessment.spanID,
            assessment.source.type, assessment.source.id, assessment.rationale, metadata, assessment.overrides,
            assessment.isValid, assessment.createdAt, assessment.updatedAt,
        ])
    }

    private static func parts(of value: Assessment.Value) -> (kind: String, value: String, error: String?) {
        switch value {
        case .feedback(let value, let error): ("feedback", value.text, error?.text)
        case .expectation(let value): ("expectation", value.text, nil)
        case .issue(let name): ("issue", JSON.string(name).text, nil)
        }
    }

    /// - Returns: false if there is no such assessment.
    static func setValid(
        _ isValid: Bool, _ assessmentID: String, trace: Int64, _ database: Database
    ) throws -> Bool {
        try database.execute(
            sql: "UPDATE assessment SET isValid = ? WHERE traceID = ? AND assessmentID = ?",
            arguments: [isValid, trace, assessmentID])
        return database.changesCount > 0
    }

    static func delete(_ assessmentID: String, trace: Int64, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM assessment WHERE traceID = ? AND assessmentID = ?", arguments: [trace, assessmentID])
    }
}

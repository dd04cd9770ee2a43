import GRDB
import LazuliResources

/// A trace as its row holds it.
struct TraceRow {
    /// The row's own number, to which tags, metadata and spans point.
    let id: Int64
    /// Without metadata, tags and assessments.
    var info: TraceInfo
    /// Whether the client itself said what the trace is; spans that come later no longer change that.
    let isFinal: Bool

    /// Read together with the trace's experiment, `e`.
    static let columns = """
        t.id, t.traceID, e.number, t.clientRequestID, t.requestTime, t.duration, t.state, t.requestPreview, \
        t.responsePreview, t.isFinal
        """

    init(_ row: Row) {
        id = row[0]
        let number: Int64 = row[2], state: String = row[6]
        info = TraceInfo(
            traceID: row[1], experimentID: String(number), clientRequestID: row[3], requestTime: row[4],
            duration: row[5], state: TraceState(rawValue: state) ?? .unspecified, requestPreview: row[7],
            responsePreview: row[8])
        isFinal = row[9]
    }
}

/// The statements on traces, their tags, metadata and links.
enum TraceTable {
    /// Which of a trace's two sets of entries.
    enum Entries: String {
        case tags = "traceTag"
        case metadata = "traceMetadata"
    }

    /// What a trace may be linked to.
    enum Link: String {
        case run
        /// The target is `name/version`.
        case prompt
    }

    static func find(_ traceID: String, workspace: Int64, _ database: Database) throws -> TraceRow? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(TraceRow.columns) FROM trace t JOIN experiment e ON e.id = t.experimentID
                WHERE t.workspaceID = ? AND t.traceID = ?
                """)
        return try Row.fetchOne(statement, arguments: [workspace, traceID]).map(TraceRow.init)
    }

    static func require(_ traceID: String, workspace: Int64, _ database: Database) throws -> TraceRow {
        guard let row = try find(traceID, workspace: workspace, database) else { throw TrackingFault.noTrace(traceID) }
        return row
    }

    /// - Parameter experiment: the experiment's row.
    static func insert(
        _ info: TraceInfo, isFinal: Bool, workspace: Int64, experiment: Int64, _ database: Database
    ) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO trace (workspaceID, experimentID, traceID, clientRequestID, requestTime, duration, state,
                    requestPreview, responsePreview, isFinal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            workspace, experiment, info.traceID, info.clientRequestID, info.requestTime, info.duration,
            info.state.rawValue, info.requestPreview, info.responsePreview, isFinal,
        ])
        return database.lastInsertedRowID
    }

    static func update(
        _ row: Int64, _ info: TraceInfo, isFinal: Bool, experiment: Int64? = nil, _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE trace SET experimentID = COALESCE(?, experimentID), clientRequestID = ?, requestTime = ?,
                    duration = ?, state = ?, requestPreview = ?, responsePreview = ?, isFinal = ? WHERE id = ?
                """)
        try statement.execute(arguments: [
            experiment, info.clientRequestID, info.requestTime, info.duration, info.state.rawValue,
            info.requestPreview, info.responsePreview, isFinal, row,
        ])
    }

    static func set(_ entries: [Entry], in table: Entries, of row: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO \(table.rawValue) (traceID, key, value) VALUES (?, ?, ?)")
        for entry in entries { try statement.execute(arguments: [row, entry.key, entry.value]) }
    }

    static func value(_ key: String, in table: Entries, of row: Int64, _ database: Database) throws -> String? {
        let statement = try database.cachedStatement(
            sql: "SELECT value FROM \(table.rawValue) WHERE traceID = ? AND key = ?")
        return try String.fetchOne(statement, arguments: [row, key])
    }

    /// - Returns: false if there was no such tag.
    static func deleteTag(_ key: String, of row: Int64, _ database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM traceTag WHERE traceID = ? AND key = ?", arguments: [row, key])
        return database.changesCount > 0
    }

    /// Links by the trace's name, since clients link traces that they have not sent yet.
    static func link(
        _ traceID: String, to kind: Link, _ target: String, workspace: Int64, _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO traceLink (workspaceID, traceID, kind, target) VALUES (?, ?, ?, ?)")
        try statement.execute(arguments: [workspace, traceID, kind.rawValue, target])
    }

    /// Deletes a trace with all that belongs to it.
    static func delete(_ row: TraceRow, workspace: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM traceLink WHERE workspaceID = ? AND traceID = ?")
            .execute(arguments: [workspace, row.info.traceID])
        try database.cachedStatement(sql: "DELETE FROM trace WHERE id = ?").execute(arguments: [row.id])
    }

    /// The traces with their metadata, tags and assessments: one statement each, however many traces there are.
    static func filled(_ rows: [TraceRow], _ database: Database) throws -> [TraceInfo] {
        guard !rows.isEmpty else { return [] }
        let list = "[" + rows.map { String($0.id) }.joined(separator: ",") + "]"
        let metadata = try entries(.metadata, list, database), tags = try entries(.tags, list, database)
        let names = Dictionary(rows.map { ($0.id, $0.info.traceID) }) { first, _ in first }
        let assessments = try AssessmentTable.all(of: names, database)
        return rows.map { row in
            var info = row.info
            info.metadata = metadata[row.id] ?? []
            info.tags = tags[row.id] ?? []
            info.assessments = assessments[row.id] ?? []
            return info
        }
    }

    private static func entries(
        _ table: Entries, _ list: String, _ database: Database
    ) throws -> [Int64: [Entry]] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT x.traceID, x.key, x.value FROM json_each(?) j
                CROSS JOIN \(table.rawValue) x ON x.traceID = j.value
                """)
        var found: [Int64: [Entry]] = [:]
        let rows = try Row.fetchCursor(statement, arguments: [list])
        while let row = try rows.next() { found[row[0], default: []].append(Entry(row[1], row[2])) }
        return found
    }
}

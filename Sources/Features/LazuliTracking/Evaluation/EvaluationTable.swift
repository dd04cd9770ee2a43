import Crypto
import Foundation
import GRDB
import LazuliResources

/// A data set as its row holds it.
struct EvaluationRow {
    let id: Int64
    /// Without tags and experiments.
    var dataset: EvaluationDataset

    static let columns = """
        d.id, d.datasetID, d.name, d.digest, d.schema, d.createdBy, d.updatedBy, d.createdAt, d.updatedAt, \
        (SELECT COUNT(*) FROM evaluationRecord r WHERE r.datasetID = d.id)
        """

    init(_ row: Row) {
        id = row[0]
        let schema: String? = row[4]
        dataset = EvaluationDataset(
            datasetID: row[1], name: row[2], digest: row[3], schema: schema.flatMap { try? JSON(parsing: $0) },
            recordCount: row[9], createdBy: row[5], updatedBy: row[6], createdAt: row[7], updatedAt: row[8], tags: [],
            experimentIDs: [])
    }
}

/// The statements on evaluation data sets and their records.
enum EvaluationTable {
    static func find(_ datasetID: String, workspace: Int64, _ database: Database) throws -> EvaluationRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(EvaluationRow.columns) FROM evaluationDataset d WHERE d.workspaceID = ? AND d.datasetID = ?")
        return try Row.fetchOne(statement, arguments: [workspace, datasetID]).map(EvaluationRow.init)
    }

    static func require(_ datasetID: String, workspace: Int64, _ database: Database) throws -> EvaluationRow {
        guard let row = try find(datasetID, workspace: workspace, database) else {
            throw TrackingFault.notFound("Evaluation dataset with id '\(datasetID)' not found")
        }
        return row
    }

    static func insert(
        _ dataset: EvaluationDataset, workspace: Int64, _ database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO evaluationDataset
                    (workspaceID, datasetID, name, digest, createdBy, updatedBy, createdAt, updatedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                workspace, dataset.datasetID, dataset.name, dataset.digest, dataset.createdBy, dataset.updatedBy,
                dataset.createdAt, dataset.updatedAt,
            ])
        return database.lastInsertedRowID
    }

    static func update(_ row: EvaluationRow, _ database: Database) throws {
        let dataset = row.dataset
        try database.execute(
            sql: "UPDATE evaluationDataset SET digest = ?, schema = ?, updatedBy = ?, updatedAt = ? WHERE id = ?",
            arguments: [dataset.digest, dataset.schema?.text, dataset.updatedBy, dataset.updatedAt, row.id])
    }

    static func setTags(_ tags: [Entry], of row: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO evaluationDatasetTag (datasetID, key, value) VALUES (?, ?, ?)")
        for tag in tags { try statement.execute(arguments: [row, tag.key, tag.value]) }
    }

    static func link(_ row: Int64, toExperiment experiment: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO evaluationDatasetExperiment (datasetID, experimentID) VALUES (?, ?)"
        ).execute(arguments: [row, experiment])
    }

    static func unlink(_ row: Int64, fromExperiment experiment: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "DELETE FROM evaluationDatasetExperiment WHERE datasetID = ? AND experimentID = ?"
        ).execute(arguments: [row, experiment])
    }

    /// The data sets with their tags and experiments.
    static func filled(_ rows: [EvaluationRow], _ database: Database) throws -> [EvaluationDataset] {
        let tags = try database.cachedStatement(
            sql: "SELECT key, value FROM evaluationDatasetTag WHERE datasetID = ? ORDER BY key")
        let experiments = try database.cachedStatement(
            sql: """
                SELECT e.number FROM evaluationDatasetExperiment x JOIN experiment e ON e.id = x.experimentID
                WHERE x.datasetID = ? ORDER BY e.number
                """)
        return try rows.map { row in
            var dataset = row.dataset
            dataset.tags = try Row.fetchAll(tags, arguments: [row.id]).map { Entry($0[0], $0[1]) }
            dataset.experimentIDs = try Int64.fetchAll(experiments, arguments: [row.id]).map(String.init)
            return dataset
        }
    }

    // MARK: Records

    private static let recordColumns =
        "recordID, inputs, outputs, expectations, tags, source, createdBy, updatedBy, createdAt, updatedAt, id"

    private static func record(_ row: Row) -> EvaluationRecord {
        func json(_ index: Int) -> JSON? {
            let text: String? = row[index]
            return text.flatMap { try? JSON(parsing: $0) }
        }
        return EvaluationRecord(
            recordID: row[0], inputs: json(1) ?? .emptyObject, outputs: json(2), expectations: json(3), tags: json(4),
            source: json(5), createdBy: row[6], updatedBy: row[7], createdAt: row[8], updatedAt: row[9])
    }

    /// - Parameter after: the row of the last record of the page before; 0 for the first page.
    static func records(
        of row: Int64, after: Int64, limit: Int, _ database: Database
    ) throws -> [(row: Int64, record: EvaluationRecord)] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(recordColumns) FROM evaluationRecord WHERE datasetID = ? AND id > ? ORDER BY id LIMIT ?")
        return try Row.fetchAll(statement, arguments: [row, after, limit]).map { ($0[10], record($0)) }
    }

    /// Adds a record, or brings the one with the same inputs up to date: outputs are replaced, the rest is added to.
    /// - Returns: whether the record is new.
    static func put(_ draft: EvaluationDraft, in row: Int64, now: Int64, _ database: Database) throws -> Bool {
        let inputs = draft.inputs.canonical.text, hash = digest(inputs)
        let find = try database.cachedStatement(
            sql: "SELECT \(recordColumns) FROM evaluationRecord WHERE datasetID = ? AND inputHash = ?")
        guard let old = try Row.fetchOne(find, arguments: [row, hash]).map(record) else {
            try insert(draft, hash: hash, in: row, now: now, database)
            return true
        }
        try database.execute(
            sql: """
                UPDATE evaluationRecord SET outputs = ?, expectations = ?, tags = ?, source = ?, updatedBy = ?,
                    updatedAt = ? WHERE datasetID = ? AND inputHash = ?
                """,
            arguments: [
                (draft.outputs ?? old.outputs)?.text, merged(old.expectations, draft.expectations)?.text,
                merged(old.tags, draft.tags)?.text, (old.source ?? draft.source)?.text, draft.user ?? old.updatedBy,
                now, row, hash,
            ])
        return false
    }

    private static func insert(
        _ draft: EvaluationDraft, hash: String, in row: Int64, now: Int64, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO evaluationRecord (datasetID, recordID, inputHash, inputs, outputs, expectations, tags,
                    source, createdBy, updatedBy, createdAt, updatedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row, "dr-" + RandomID.hex(), hash, draft.inputs.text, draft.outputs?.text, draft.expectations?.text,
                draft.tags?.text, draft.source?.text, draft.user, draft.user, now, now,
            ])
    }

    private static func merged(_ old: JSON?, _ new: JSON?) -> JSON? {
        guard let old = old?.object, let added = new?.object else { return new ?? old }
        return .object(old.merging(added))
    }

    static func deleteRecords(_ ids: [String], of row: Int64, _ database: Database) throws -> Int {
        try database.execute(
            sql: """
                DELETE FROM evaluationRecord
                WHERE datasetID = ? AND recordID IN (SELECT value FROM json_each(?))
                """, arguments: [row, JSON.array(ids.map(JSON.string)).text])
        return database.changesCount
    }

    /// 64 hexadecimal digits.
    static func digest(_ text: String) -> String { SHA256.hash(data: Data(text.utf8)).hexadecimal }
}

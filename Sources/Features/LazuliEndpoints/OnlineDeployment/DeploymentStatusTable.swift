import GRDB
package import LazuliPersistence
import LazuliResources

/// Where every deployment stands, beside its document: it changes without the document's doing.
package enum DeploymentStatusTable {
    package static let migration = Migration(
        "endpoints-001-deploymentStatus",
        sql: """
            CREATE TABLE deploymentStatus (
                document INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
                state TEXT NOT NULL,
                reason TEXT NOT NULL,
                changedAt INTEGER NOT NULL,
                submission INTEGER NOT NULL
            );
            """)

    static func fetch(_ document: Int64, _ database: Database) throws -> DeploymentStatus? {
        let sql = "SELECT state, reason, changedAt, submission FROM deploymentStatus WHERE document = ?"
        guard let row = try Row.fetchOne(database, sql: sql, arguments: [document]) else { return nil }
        return DeploymentStatus(
            state: DeploymentState(rawValue: row["state"]) ?? .failed, reason: row["reason"],
            changedAt: row["changedAt"], submission: row["submission"])
    }

    static func save(_ status: DeploymentStatus, of document: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO deploymentStatus (document, state, reason, changedAt, submission) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (document) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                    changedAt = excluded.changedAt, submission = excluded.submission
                """,
            arguments: [document, status.state.rawValue, status.reason, status.changedAt, status.submission])
    }

    /// Takes note that a document was written.
    /// - Returns: the number of the submission.
    static func submitted(_ document: Int64, at: Int64, _ database: Database) throws -> Int64 {
        let old = try fetch(document, database)
        let status = DeploymentStatus(
            state: DeploymentState.next(old?.state, on: .submitted), reason: "", changedAt: at,
            submission: (old?.submission ?? 0) + 1)
        try save(status, of: document, database)
        return status.submission
    }
}

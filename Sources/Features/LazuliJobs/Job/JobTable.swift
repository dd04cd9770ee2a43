import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// What happens to a job beside what it was asked to do: its way through the queue, its end and the reason.
struct JobRecord: Sendable, FetchableRecord {
    let id: Int64
    let scope: WorkspaceScope
    let name: String
    let type: String
    var status: JobStatus
    /// A sentence on why the job is where it is: what it waits for, why it failed.
    var reason: String
    /// The name of the compute, `serverless` when none was named.
    let compute: String
    let nodes: Int
    let submittedBy: Caller
    let submittedAt: Int64
    var startedAt: Int64?
    var endedAt: Int64?
    /// `{code, message, details}` of a failure.
    var error: JSON
    /// What the run cost and what it met: CPU seconds, peak memory, notices, limiter.
    var facts: JSON
    /// The job that this one is below.
    let parent: String?
    /// Whether it is a part of its parent's work: nobody queues or supervises it by itself.
    let isPart: Bool

    init(row: Row) throws {
        id = row["id"]
        scope = WorkspaceScope(
            subscription: row["subscription"], resourceGroup: row["resourceGroup"], workspace: row["workspace"])
        name = row["name"]
        type = row["type"]
        status = JobStatus(rawValue: row["status"]) ?? .failed
        reason = row["reason"]
        compute = row["compute"]
        nodes = row["nodes"]
        submittedBy = Caller(objectID: row["submitterID"], name: row["submitterName"])
        submittedAt = row["submittedAt"]
        startedAt = row["startedAt"]
        endedAt = row["endedAt"]
        error = (row["error"] as String?).flatMap { try? JSON(parsing: $0) } ?? .null
        facts = (row["facts"] as String?).flatMap { try? JSON(parsing: $0) } ?? .emptyObject
        parent = row["parent"]
        isPart = row["isPart"] ?? false
    }

    /// The key of the job's document.
    var key: DocumentKey { DocumentKey(kind: JobKinds.kind.tableName, scope: scope.key, name: name) }
}

enum JobTable {
    static let migrations = [migration, parents]

    private static let migration = Migration(
        "jobs-001-job",
        sql: """
            CREATE TABLE job (
                id INTEGER PRIMARY KEY,
                scope TEXT NOT NULL,
                subscription TEXT NOT NULL,
                resourceGroup TEXT NOT NULL,
                workspace TEXT NOT NULL,
                name TEXT NOT NULL,
                type TEXT NOT NULL,
                status TEXT NOT NULL,
                reason TEXT NOT NULL DEFAULT '',
                compute TEXT NOT NULL,
                nodes INTEGER NOT NULL DEFAULT 1,
                submitterID TEXT NOT NULL,
                submitterName TEXT NOT NULL,
                submittedAt INTEGER NOT NULL,
                startedAt INTEGER,
                endedAt INTEGER,
                error TEXT,
                facts TEXT,
                UNIQUE (scope, name)
            );
            CREATE INDEX jobUnfinished ON job (id) WHERE status NOT IN ('Completed', 'Failed', 'Canceled');
            """)

    private static let parents = Migration(
        "jobs-002-parent",
        sql: """
            ALTER TABLE job ADD COLUMN parent TEXT;
            ALTER TABLE job ADD COLUMN isPart INTEGER NOT NULL DEFAULT 0;
            UPDATE job SET parent = (
                SELECT json_extract(body, '$.properties.parentJobName') FROM document
                WHERE kind = 'jobs' AND document.scope = job.scope AND document.name = job.name);
            CREATE INDEX jobByParent ON job (scope, parent) WHERE parent IS NOT NULL;
            DROP INDEX jobUnfinished;
            CREATE INDEX jobUnfinished ON job (id)
                WHERE status NOT IN ('Completed', 'Failed', 'Canceled') AND isPart = 0;
            """)

    /// A job that is not in the table yet.
    struct Draft {
        var name: String
        var type: String
        var status: JobStatus
        var reason = ""
        var compute: String
        var nodes = 1
        var parent: String?
        var isPart = false
        var startedAt: Int64?
    }

    static func insert(
        _ draft: Draft, in scope: WorkspaceScope, by caller: Caller, at: Int64, _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO job (scope, subscription, resourceGroup, workspace, name, type, status, reason, compute,
                    nodes, parent, isPart, startedAt, submitterID, submitterName, submittedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            scope.key, scope.subscription, scope.resourceGroup, scope.workspace, draft.name, draft.type,
            draft.status.rawValue, draft.reason, draft.compute, draft.nodes, draft.parent, draft.isPart,
            draft.startedAt, caller.objectID, caller.name, at,
        ])
    }

    /// The jobs below a job, oldest first.
    static func children(of parent: String, in scope: WorkspaceScope, _ database: Database) throws -> [JobRecord] {
        try JobRecord.fetchAll(
            database, sql: "SELECT * FROM job WHERE scope = ? AND parent = ? ORDER BY id",
            arguments: [scope.key, parent])
    }

    static func fetch(_ name: String, in scope: WorkspaceScope, _ database: Database) throws -> JobRecord? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM job WHERE scope = ? AND name = ?")
        return try JobRecord.fetchOne(statement, arguments: [scope.key, name])
    }

    /// Every job that has not ended and runs by itself, in the order of submission.
    static func unfinished(_ database: Database) throws -> [JobRecord] {
        try JobRecord.fetchAll(
            database,
            sql: """
                SELECT * FROM job WHERE status NOT IN ('Completed', 'Failed', 'Canceled') AND isPart = 0 ORDER BY id
                """)
    }

    static func deleteAll(in scope: WorkspaceScope, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM job WHERE scope = ?", arguments: [scope.key])
    }

    static func save(_ record: JobRecord, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "UPDATE job SET status = ?, reason = ?, startedAt = ?, endedAt = ?, error = ?, facts = ? WHERE id = ?")
        try statement.execute(arguments: [
            record.status.rawValue, record.reason, record.startedAt, record.endedAt,
            record.error.isNull ? nil : record.error.text, record.facts.text, record.id,
        ])
    }
}

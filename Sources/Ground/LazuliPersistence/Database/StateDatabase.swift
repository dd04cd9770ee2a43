public import GRDB
internal import LazuliResources

/// The SQLite file of a state folder. Reads run side by side; writes from many callers share one durable commit.
///
/// A write that has returned is on disk: the file is in WAL mode with `synchronous = FULL`.
public final class StateDatabase: Sendable {
    private let pool: DatabasePool
    private let writer: GroupCommitWriter
    let answers = AnswerCache()

    /// Opens the file, making it if need be, and brings its schema up to date.
    /// - Parameter migrations: every module's migrations in floor order; names are unique and never change.
    public init(path: String, migrations: [Migration]) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Can be chosen for an empty file alone; older ones are changed by their first `reclaim`.
            if !database.configuration.readonly, try Int.fetchOne(database, sql: "PRAGMA page_count") == 0 {
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA foreign_keys = ON")
            try database.execute(sql: "PRAGMA cache_size = -8000")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        writer = GroupCommitWriter(pool: pool)
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { database in try database.execute(sql: migration.sql) }
        }
        try migrator.migrate(pool)
        pool.add(transactionObserver: answers, extent: .databaseLifetime)
    }

    /// Runs a read on a snapshot of the last commit.
    public func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.read(body)
    }

    /// The same on the calling thread, for a look-up by key: handing it to another thread would cost more than it does.
    public func readHere<Value>(_ body: (Database) throws -> Value) throws -> Value { try pool.read(body) }

    /// Runs `body` as one atomic step. It returns once the step is on disk; a thrown error undoes the step alone,
    /// not the steps of others that share its commit.
    /// - Throws: what `body` throws; `insufficientStorage` when the disk is full.
    public func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await writer.write(body)
    }

    /// Gives the pages that deleted rows have left back to the disk.
    ///
    /// A file made before pages could be given back one by one is written anew, which takes room and time of its size.
    /// - Returns: the bytes by which the file became smaller.
    public func reclaim() async throws -> Int64 {
        let before = try await size()
        let isIncremental = try await read { try Int.fetchOne($0, sql: "PRAGMA auto_vacuum") == 2 }
        if isIncremental {
            // In portions, so that others write in between.
            for _ in 0...(try await freePages() / Self.pagesPerPortion) {
                try await pool.writeWithoutTransaction { database in
                    _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum(\(Self.pagesPerPortion))")
                }
            }
        } else {
            try await pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
            }
        }
        // Busy readers keep the log's pages: the next checkpoint brings them over then.
        _ = try? await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        return try await max(0, before - size())
    }

    private static let pagesPerPortion = 5000

    private func freePages() async throws -> Int {
        try await read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") ?? 0 }
    }

    /// In bytes.
    private func size() async throws -> Int64 {
        try await read { database in
            let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            return try pages * (Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
        }
    }

    /// The schema as SQL text, one statement a line group, for `Documentation/schema.sql`.
    public func schemaText() async throws -> String {
        try await read { database in
            let sql =
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
                + "AND name NOT LIKE 'grdb_%' ORDER BY tbl_name, type DESC, name"
            return try String.fetchAll(database, sql: sql).map { $0 + ";\n" }.joined(separator: "\n")
        }
    }

    public func close() throws { try pool.close() }
}

/// One named, append-only step of the schema.
public struct Migration: Sendable {
    public let name: String
    public let sql: String

    public init(_ name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

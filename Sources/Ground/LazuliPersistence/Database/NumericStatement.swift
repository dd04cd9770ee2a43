public import GRDB
import GRDBSQLite

/// One prepared statement that is run over and over with numbers alone, bound straight into SQLite.
///
/// For rows that come by the thousand in a call: GRDB's general way of passing arguments costs more there than the
/// insertion itself. Changes made through it are not seen by transaction observers.
public struct NumericStatement {
    private let statement: Statement
    private let pointer: OpaquePointer

    public init(_ statement: Statement) {
        self.statement = statement
        pointer = statement.sqliteStatement
    }

    /// The places of a statement, filled from the first on.
    public struct Arguments {
        fileprivate let pointer: OpaquePointer
        private var place: Int32 = 0

        fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }

        public mutating func append(_ value: Int64) {
            place += 1
            sqlite3_bind_int64(pointer, place, value)
        }

        /// - Parameter value: a number; SQLite has no NaN and would store a null.
        public mutating func append(_ value: Double) {
            place += 1
            sqlite3_bind_double(pointer, place, value)
        }

        public mutating func append(_ value: Bool) { append(value ? 1 as Int64 : 0) }
    }

    /// - Throws: `DatabaseError` as GRDB would.
    public func execute(_ fill: (inout Arguments) -> Void) throws {
        var arguments = Arguments(pointer)
        fill(&arguments)
        let code = sqlite3_step(pointer)
        let reason = code == SQLITE_DONE ? nil : sqlite3_errmsg(sqlite3_db_handle(pointer)).map { String(cString: $0) }
        sqlite3_reset(pointer)
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: reason, sql: statement.sql)
        }
    }
}

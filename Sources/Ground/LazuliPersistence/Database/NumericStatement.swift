public import GRDB
import GRDBSQLite

/// One prepared statement whose arguments and columns are numbers alone, passed straight to and from SQLite.
///
/// For rows that come or go by the thousand in a call: GRDB's general way of passing values costs more there than SQLite
/// itself. Changes made through it are not seen by transaction observers.
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

    /// The columns of a row, counted from 0.
    public struct Columns {
        fileprivate let pointer: OpaquePointer

        public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }
        public func real(_ column: Int32) -> Double { sqlite3_column_double(pointer, column) }
        public func flag(_ column: Int32) -> Bool { integer(column) != 0 }
    }

    /// - Throws: `DatabaseError` as GRDB would.
    public func execute(_ fill: (inout Arguments) -> Void) throws { try forEach(fill) { _ in } }

    /// Calls `body` for each row that the statement gives.
    /// - Throws: `DatabaseError` as GRDB would.
    public func forEach(_ fill: (inout Arguments) -> Void, _ body: (Columns) -> Void) throws {
        var arguments = Arguments(pointer)
        fill(&arguments)
        defer { sqlite3_reset(pointer) }
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: body(Columns(pointer: pointer))
            case SQLITE_DONE: return
            case let code:
                let reason = sqlite3_errmsg(sqlite3_db_handle(pointer)).map { String(cString: $0) }
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: reason, sql: statement.sql)
            }
        }
    }
}

import GRDB

/// A part of a statement with the values of its question marks. Values from clients are never part of the text.
struct SQLPiece {
    var sql: String
    var arguments: StatementArguments

    init(_ sql: String, _ arguments: StatementArguments = []) {
        self.sql = sql
        self.arguments = arguments
    }

    static let never = SQLPiece("0")
    static let always = SQLPiece("1")

    mutating func append(_ other: SQLPiece) {
        sql += " " + other.sql
        arguments += other.arguments
    }

    mutating func append(_ sql: String, _ arguments: StatementArguments = []) {
        append(SQLPiece(sql, arguments))
    }

    static func joined(_ pieces: [SQLPiece], by word: String) -> SQLPiece {
        var joined = SQLPiece("(" + pieces.map(\.sql).joined(separator: " \(word) ") + ")")
        for piece in pieces { joined.arguments += piece.arguments }
        return joined
    }

    /// A filter as a condition, each comparison by `compile`.
    static func condition(
        _ expression: FilterExpression, _ compile: (Comparison) throws -> SQLPiece
    ) throws -> SQLPiece {
        switch expression {
        case .comparison(let comparison): return try compile(comparison)
        case .all(let parts): return joined(try parts.map { try condition($0, compile) }, by: "AND")
        case .any(let parts): return joined(try parts.map { try condition($0, compile) }, by: "OR")
        case .not(let inner):
            let piece = try condition(inner, compile)
            return SQLPiece("NOT COALESCE(\(piece.sql), 0)", piece.arguments)
        }
    }
}

extension Comparison {
    /// The comparison of a column with the value.
    func compares(_ column: String) -> SQLPiece {
        switch (operation, value) {
        case (.isIn, .list(let values)):
            SQLPiece("\(column) IN (\(Self.marks(values.count)))", StatementArguments(values))
        case (.isNotIn, .list(let values)):
            SQLPiece("\(column) NOT IN (\(Self.marks(values.count)))", StatementArguments(values))
        // LIKE of SQLite ignores case; GLOB is its case-sensitive sister with other signs.
        case (.like, .text(let pattern)): SQLPiece("\(column) GLOB ?", [Self.glob(pattern)])
        case (.ilike, .text(let pattern)): SQLPiece("\(column) LIKE ?", [pattern])
        case (_, .text(let text)): SQLPiece("\(column) \(operation.rawValue) ?", [text])
        case (_, .number(let number)): SQLPiece("\(column) \(operation.rawValue) ?", [number])
        case (.isNull, _): SQLPiece("\(column) IS NULL")
        case (.isNotNull, _): SQLPiece("\(column) IS NOT NULL")
        default: .never
        }
    }

    static func marks(_ count: Int) -> String { repeatElement("?", count: count).joined(separator: ", ") }

    private static func glob(_ pattern: String) -> String {
        var result = ""
        for character in pattern {
            switch character {
            case "%": result += "*"
            case "_": result += "?"
            case "*", "?", "[": result += "[\(character)]"
            default: result.append(character)
            }
        }
        return result
    }
}

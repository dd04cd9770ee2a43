/// Rows for a model of named columns: as lists, as records, or as a table.
final class ColumnPayload: PayloadReader {
    private let table: ColumnTable
    /// The columns of the last table head that was read; the next request has the same one nearly always.
    private var order: [Int]
    private let modelOrder: [Int]

    init(_ table: ColumnTable) {
        self.table = table
        modelOrder = Array(0..<table.readCount)
        order = modelOrder
    }

    func removeAll() { table.removeAll() }
    func finish(rows: Int) { table.finish(rows: rows) }

    func read(_ cursor: inout JSONCursor, firstRow: Int) throws(ScoringFault) -> Int {
        switch cursor.peek() {
        case UInt8(ascii: "["): return try readList(&cursor, modelOrder, firstRow)
        case UInt8(ascii: "{"): return try readTable(&cursor, firstRow)
        default:
            throw cursor.complaint { "The rows must be a list or an object; \($0) is neither." }
        }
    }

    // MARK: Rows

    /// `[[…], …]`, `[{…}, …]`, or bare values for a model of one column.
    private func readList(_ cursor: inout JSONCursor, _ order: [Int], _ first: Int) throws(ScoringFault) -> Int {
        try cursor.expect("[")
        if cursor.take("]") { return 0 }
        let isWhole = table.isWhole(order)
        var row = first
        repeat {
            table.reserve(row: row)
            switch cursor.peek() {
            case UInt8(ascii: "["): try readRow(&cursor, order, isWhole, row, first)
            case UInt8(ascii: "{"): try readRecord(&cursor, row, first)
            default:
                guard order.count == 1 else { throw notARow(cursor, row - first) }
                try table.read(&cursor, column: order[0], row: row, first: first)
            }
            row += 1
        } while try cursor.another(before: "]")
        return row - first
    }

    @inline(__always)
    private func readRow(
        _ cursor: inout JSONCursor, _ order: [Int], _ isWhole: Bool, _ row: Int, _ first: Int
    ) throws(ScoringFault) {
        let start = cursor
        try cursor.expect("[")
        var index = 0
        if !cursor.take("]") {
            repeat {
                guard index < order.count else { throw wrongLength(start, order.count, row - first) }
                try table.read(&cursor, column: order[index], row: row, first: first)
                index += 1
            } while try cursor.another(before: "]")
        }
        guard index == order.count else { throw wrongLength(start, order.count, row - first) }
        if !isWhole { try table.completeRow(row, first: first) }
    }

    @inline(__always)
    private func readRecord(_ cursor: inout JSONCursor, _ row: Int, _ first: Int) throws(ScoringFault) {
        try cursor.expect("{")
        var likely = 0
        if !cursor.take("}") {
            repeat {
                let column = try table.column(&cursor, likely: likely)
                try cursor.expect(":")
                try table.read(&cursor, column: column, row: row, first: first)
                likely = column + 1
            } while try cursor.another(before: "}")
        }
        if likely != table.readCount || table.readCount > 1 { try table.completeRow(row, first: first) }
    }

    private func notARow(_ cursor: JSONCursor, _ row: Int) -> ScoringFault {
        cursor.complaint { "Row \(row) must be a list or an object; \($0) is neither." }
    }

    private func wrongLength(_ start: JSONCursor, _ wanted: Int, _ row: Int) -> ScoringFault {
        var copy = start, count = 0
        if copy.take("["), !copy.take("]") {
            repeat {
                guard (try? copy.skip()) != nil else { return copy.malformed("unexpected text in row \(row)") }
                count += 1
            } while (try? copy.another(before: "]")) ?? false
        }
        let names = (order.count == wanted ? order : modelOrder).map { table.columns[$0].name }
        return ScoringFault(
            "Row \(row) has \(count) values; \(wanted) are expected, one per column: \(names.joined(separator: ", ")).")
    }

    // MARK: Tables

    private enum Part { case columns, index, data }

    private static func part(_ key: UnsafeBufferPointer<UInt8>) -> Part? {
        switch String(decoding: key, as: UTF8.self) {
        case "columns": .columns
        case "index": .index
        case "data": .data
        default: nil
        }
    }

    /// `{"columns": …, "index": …, "data": …}`, in any order, or `{"column": values, …}`.
    private func readTable(_ cursor: inout JSONCursor, _ first: Int) throws(ScoringFault) -> Int {
        var ahead = cursor
        try ahead.expect("{")
        if ahead.take("}") { return 0 }
        let key = try ahead.string().bytes
        if Self.part(key) == nil || table.find(key, likely: 0) != nil { return try readColumns(&cursor, first) }
        return try readSplit(&cursor, first)
    }

    private func readSplit(_ cursor: inout JSONCursor, _ first: Int) throws(ScoringFault) -> Int {
        try cursor.expect("{")
        var hasHead = false
        var rows: Int?
        var waiting: JSONCursor?
        repeat {
            let name = try cursor.string().bytes
            try cursor.expect(":")
            switch Self.part(name) {
            case .columns:
                try readHead(&cursor)
                hasHead = true
            case .data where hasHead: rows = try readList(&cursor, order, first)
            case .data:
                waiting = cursor
                try cursor.skip()
            case .index: try cursor.skip()
            case nil:
                throw ScoringFault(
                    "A table has the keys columns, index and data; \"\(String(decoding: name, as: UTF8.self))\" is none."
                )
            }
        } while try cursor.another(before: "}")
        if var data = waiting { rows = try readList(&data, hasHead ? order : modelOrder, first) }
        guard let rows else { throw ScoringFault("The table has no key \"data\" with the rows.") }
        return rows
    }

    private func readHead(_ cursor: inout JSONCursor) throws(ScoringFault) {
        try cursor.expect("[")
        var count = 0
        if !cursor.take("]") {
            repeat {
                guard cursor.peek() == UInt8(ascii: "\"") else {
                    throw ScoringFault("The column name \(cursor.excerpt()) is no text.")
                }
                let column = try table.column(&cursor, likely: count < order.count ? order[count] : count)
                if count < order.count {
                    if order[count] != column { order[count] = column }
                } else {
                    order.append(column)
                }
                count += 1
            } while try cursor.another(before: "]")
        }
        if order.count > count { order.removeLast(order.count - count) }
        guard order != modelOrder else { return }
        let named = Set(order)
        guard named.count == order.count else { throw ScoringFault("The table names a column twice.") }
        for column in modelOrder where table.columns[column].isRequired && !named.contains(column) {
            throw table.missing(column, row: nil)
        }
    }

    /// `{"column": value}` for one row, `{"column": [values]}` or `{"column": {"0": value, …}}` for several.
    private func readColumns(_ cursor: inout JSONCursor, _ first: Int) throws(ScoringFault) -> Int {
        try cursor.expect("{")
        var rows: Int?
        var seen = Set<Int>()
        repeat {
            let column = try table.column(&cursor, likely: seen.count)
            try cursor.expect(":")
            let count = try readValues(&cursor, column, first)
            guard rows == nil || rows == count else {
                throw ScoringFault(
                    "The column \"\(table.columns[column].name)\" has \(count) values, and another one has \(rows ?? 0)."
                )
            }
            rows = count
            seen.insert(column)
        } while try cursor.another(before: "}")
        let all = first..<first + (rows ?? 0)
        for column in modelOrder where !seen.contains(column) { try table.leaveOut(column, rows: all) }
        return all.count
    }

    private func readValues(_ cursor: inout JSONCursor, _ column: Int, _ first: Int) throws(ScoringFault) -> Int {
        if cursor.take("[") {
            if cursor.take("]") { return 0 }
            var row = first
            repeat {
                try readValue(&cursor, column, row, first)
                row += 1
            } while try cursor.another(before: "]")
            return row - first
        }
        if cursor.take("{") {
            if cursor.take("}") { return 0 }
            var row = first
            repeat {
                _ = try cursor.string()
                try cursor.expect(":")
                try readValue(&cursor, column, row, first)
                row += 1
            } while try cursor.another(before: "}")
            return row - first
        }
        try readValue(&cursor, column, first, first)
        return 1
    }

    /// Also takes `[value]`, the row of a one-column array.
    private func readValue(
        _ cursor: inout JSONCursor, _ column: Int, _ row: Int, _ first: Int
    ) throws(ScoringFault) {
        table.reserve(row: row)
        let isWrapped = cursor.take("[")
        try table.read(&cursor, column: column, row: row, first: first)
        if isWrapped { try cursor.expect("]") }
    }
}

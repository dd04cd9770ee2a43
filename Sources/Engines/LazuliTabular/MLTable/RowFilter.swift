import LazuliResources

/// A condition on a row: comparisons of columns with values, joined by `and`, `or`, `not` and parentheses.
///
///     col("temperature") > 32 and col("place") == "UK"
///
/// Source: the step `filter` of an MLTable file. What goes beyond this is refused by its name.
struct RowFilter: Sendable, Equatable {
    indirect enum Condition: Sendable, Equatable {
        case comparison(column: String, Comparison, Value)
        case isNull(column: String)
        case not(Condition)
        case all([Condition])
        case any([Condition])
    }

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"

        /// The comparison with its sides changed.
        var mirrored: Comparison {
            switch self {
            case .equal, .notEqual: self
            case .lessOrEqual: .greaterOrEqual
            case .greaterOrEqual: .lessOrEqual
            case .less: .greater
            case .greater: .less
            }
        }

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .notEqual: left != right
            case .lessOrEqual: left <= right
            case .greaterOrEqual: left >= right
            case .less: left < right
            case .greater: left > right
            }
        }
    }

    enum Value: Sendable, Equatable {
        case number(Double)
        case text(String)
        case truth(Bool)
        case null
    }

    let condition: Condition

    /// - Throws: `TableFault` that names what is not understood.
    init(_ text: String) throws(TableFault) {
        var parser = try RowFilterParser(text)
        condition = try parser.wholeCondition()
    }

    /// The rows that fulfil the condition. A comparison with a missing value does not hold.
    ///
    /// - Throws: `TableFault` if there is no such column, or if its values cannot be compared so.
    func rows(of table: Table) throws(TableFault) -> [Int] {
        let holds = try Self.truths(condition, table)
        return holds.indices.filter { holds[$0] }
    }

    private static func truths(_ condition: Condition, _ table: Table) throws(TableFault) -> [Bool] {
        switch condition {
        case .not(let inner): return try truths(inner, table).map { !$0 }
        case .all(let parts):
            var holds = [Bool](repeating: true, count: table.rowCount)
            for part in parts {
                for (row, truth) in try truths(part, table).enumerated() where !truth { holds[row] = false }
            }
            return holds
        case .any(let parts):
            var holds = [Bool](repeating: false, count: table.rowCount)
            for part in parts {
                for (row, truth) in try truths(part, table).enumerated() where truth { holds[row] = true }
            }
            return holds
        case .isNull(let name):
            let column = try column(name, table)
            return (0..<table.rowCount).map(column.isMissing)
        case .comparison(let name, let comparison, let value):
            return try compared(column(name, table), comparison, value)
        }
    }

    private static func column(_ name: String, _ table: Table) throws(TableFault) -> Column {
        if let column = table.column(name) { return column }
        throw TableFault(
            "The filter names the column \"\(name)\", which is not there.\(NearestName.hint(name, among: table.columns.map(\.name)))"
        )
    }

    private static func compared(
        _ column: Column, _ comparison: Comparison, _ value: Value
    ) throws(TableFault) -> [Bool] {
        switch (column.values, value) {
        case (_, .null):
            let wanted = comparison == .equal
            return (0..<column.rowCount).map { column.isMissing($0) == wanted }
        case (.numbers(let numbers), .number(let number)):
            return numbers.map { !$0.isNaN && comparison.holds($0, number) }
        case (.times(let times), .text(let text)):
            let bytes = FileBytes(text.utf8)
            guard let shape = DateTimeText(bytes.buffer)?.shape,
                let number = DateTimeFormat(shape: shape, order: .yearMonthDay).seconds(bytes.buffer)
            else {
                throw TableFault("The filter compares \"\(column.name)\" with \"\(text)\": write 2024-12-31T10:20:00.")
            }
            return times.map { !$0.isNaN && comparison.holds($0, number) }
        case (.labels(let labels), .truth(let truth)) where column.kind == .boolean:
            let wanted = truth ? 1 : 0
            return labels.codes.map { $0 >= 0 && comparison.holds(Int($0), wanted) }
        case (.labels(let labels), .text(let text)):
            let holds = labels.texts.map { comparison.holds($0, text) }
            return labels.codes.map { $0 >= 0 && holds[Int($0)] }
        case (.labels(let labels), .number(let number)):
            let holds = labels.texts.map { text in Double(text).map { comparison.holds($0, number) } ?? false }
            return labels.codes.map { $0 >= 0 && holds[Int($0)] }
        default:
            throw TableFault(
                "The filter compares the column \"\(column.name)\", whose values are of the kind \(column.kind.rawValue), with "
                    + "\(value.text). Convert the column first, or compare it with another value.")
        }
    }
}

extension RowFilter.Value {
    fileprivate var text: String {
        switch self {
        case .number(let number): "the number \(number)"
        case .text(let text): "the text \"\(text)\""
        case .truth(let truth): "\(truth)"
        case .null: "nothing"
        }
    }
}

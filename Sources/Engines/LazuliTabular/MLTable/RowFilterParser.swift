/// Reads the text of a `RowFilter`, by recursive descent: or, and, not, comparison.
struct RowFilterParser {
    private enum Token: Equatable {
        case word(String)
        case symbol(String)
        case number(Double)
        case text(String)
    }

    private enum Operand {
        case column(String)
        case value(RowFilter.Value)
    }

    private let source: String
    private var tokens: ArraySlice<Token>

    init(_ source: String) throws(TableFault) {
        self.source = source
        tokens = try Self.tokens(source)[...]
    }

    mutating func wholeCondition() throws(TableFault) -> RowFilter.Condition {
        let condition = try disjunction()
        guard tokens.isEmpty else { throw fault("\(Self.name(tokens.first)) is not understood") }
        return condition
    }

    private func fault(_ what: String) -> TableFault {
        TableFault(
            "the filter \(source) is not supported: \(what). Comparisons such as col(\"age\") >= 18 can be joined by and, or, "
                + "not and parentheses.")
    }

    private mutating func disjunction() throws(TableFault) -> RowFilter.Condition {
        var parts = [try conjunction()]
        while take(word: "or") || take("|") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(TableFault) -> RowFilter.Condition {
        var parts = [try negation()]
        while take(word: "and") || take("&") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(TableFault) -> RowFilter.Condition {
        if take(word: "not") || take("~") { return .not(try negation()) }
        if take("(") {
            let inner = try disjunction()
            guard take(")") else { throw fault("a parenthesis is not closed") }
            return inner
        }
        return try comparison()
    }

    private mutating func comparison() throws(TableFault) -> RowFilter.Condition {
        if take(word: "is_null") {
            guard take("("), case .column(let name) = try operand(), take(")") else {
                throw fault("is_null takes a column")
            }
            return .isNull(column: name)
        }
        let left = try operand()
        if case .column(let name) = left, take(".") {
            guard take(word: "is_null"), take("("), take(")") else {
                throw fault("\(Self.name(tokens.first)) is not understood")
            }
            return .isNull(column: name)
        }
        guard case .symbol(let symbol)? = tokens.first, let comparison = RowFilter.Comparison(rawValue: symbol) else {
            throw fault("a comparison is missing before \(Self.name(tokens.first))")
        }
        tokens.removeFirst()
        switch (left, try operand()) {
        case (.column(let name), .value(let value)): return .comparison(column: name, comparison, value)
        case (.value(let value), .column(let name)): return .comparison(column: name, comparison.mirrored, value)
        default: throw fault("a comparison has a column on one side and a value on the other")
        }
    }

    private mutating func operand() throws(TableFault) -> Operand {
        guard let token = tokens.popFirst() else { throw fault("it ends where a column or a value should stand") }
        switch token {
        case .number(let number): return .value(.number(number))
        case .text(let text): return .value(.text(text))
        case .word("col"):
            guard take("("), case .text(let name)? = tokens.popFirst(), take(")") else {
                throw fault("col takes a name in quotes")
            }
            return .column(name)
        case .word("True"), .word("true"): return .value(.truth(true))
        case .word("False"), .word("false"): return .value(.truth(false))
        case .word("None"), .word("null"): return .value(.null)
        case .symbol("-"):
            guard case .number(let number)? = tokens.popFirst() else { throw fault("- stands before a number") }
            return .value(.number(-number))
        default: throw fault("\(Self.name(token)) is not understood")
        }
    }

    private mutating func take(_ symbol: String) -> Bool { take(.symbol(symbol)) }
    private mutating func take(word: String) -> Bool { take(.word(word)) }

    private mutating func take(_ token: Token) -> Bool {
        guard tokens.first == token else { return false }
        tokens.removeFirst()
        return true
    }

    private static func name(_ token: Token?) -> String {
        switch token {
        case .word(let text), .symbol(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        case .text(let text): "the text \"\(text)\""
        case nil: "the end"
        }
    }

    private static func tokens(_ source: String) throws(TableFault) -> [Token] {
        var tokens: [Token] = [], rest = Substring(source)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first.isNumber {
                let digits = rest.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "E" }
                guard let number = Double(digits) else {
                    throw TableFault("the filter \(source) holds \(digits), which is no number.")
                }
                tokens.append(.number(number))
                rest = rest.dropFirst(digits.count)
            } else if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            } else if first == "\"" || first == "'" {
                let text = rest.dropFirst().prefix { $0 != first }
                rest = rest.dropFirst(text.count + 1)
                guard rest.popFirst() == first else {
                    throw TableFault("the filter \(source) has a quote that is not closed.")
                }
                tokens.append(.text(String(text)))
            } else {
                let symbol = RowFilter.Comparison.allCases.map(\.rawValue).first { rest.hasPrefix($0) } ?? String(first)
                tokens.append(.symbol(symbol))
                rest = rest.dropFirst(symbol.count)
            }
        }
        return tokens
    }
}

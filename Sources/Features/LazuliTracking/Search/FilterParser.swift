import LazuliResources

/// Reads MLflow's filters, and beyond them OR, NOT and parentheses: `a = '1' AND (metrics.b > 2 OR NOT tags.c = 'd')`.
struct FilterParser {
    private let grammar: SearchGrammar
    private let tokens: [FilterToken]
    private let end: Int
    private var index = 0
    private var depth = 0
    private static let deepest = 64

    /// - Returns: nil for an empty filter, which everything passes.
    /// - Throws: `invalidArgument`, naming the character at which the filter goes wrong.
    static func parse(_ text: String?, _ grammar: SearchGrammar) throws -> FilterExpression? {
        guard let text else { return nil }
        let tokens = try FilterTokenizer.tokens(of: text)
        guard !tokens.isEmpty else { return nil }
        var parser = FilterParser(grammar: grammar, tokens: tokens, end: text.count + 1)
        let expression = try parser.alternatives()
        if let extra = parser.current { throw FilterFault.invalidClause(extra.text, at: extra.position) }
        return expression
    }

    private init(grammar: SearchGrammar, tokens: [FilterToken], end: Int) {
        self.grammar = grammar
        self.tokens = tokens
        self.end = end
    }

    private var current: FilterToken? { index < tokens.count ? tokens[index] : nil }
    private var position: Int { current?.position ?? end }

    private mutating func take() -> FilterToken? {
        defer { index += 1 }
        return current
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard current?.isWord(word) == true else { return false }
        index += 1
        return true
    }

    private mutating func alternatives() throws -> FilterExpression {
        var parts = [try conjunction()]
        while takeWord("OR") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws -> FilterExpression {
        var parts = [try term()]
        while takeWord("AND") { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func term() throws -> FilterExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw FilterFault.invalid("The filter is nested deeper than \(Self.deepest) levels", at: position)
        }
        if takeWord("NOT") { return .not(try term()) }
        guard current?.kind == .open else { return .comparison(try comparison()) }
        index += 1
        let inner = try alternatives()
        guard take()?.kind == .close else { throw FilterFault.invalid("Expected ')'", at: position) }
        return inner
    }

    private mutating func comparison() throws -> Comparison {
        guard let name = take() else { throw FilterFault.invalid("Expected a comparison", at: end) }
        guard name.kind == .word else { throw FilterFault.invalidClause(name.text, at: name.position) }
        guard current != nil else { throw FilterFault.invalidClause(name.text, at: name.position) }
        // No field holds a truth value; MLflow does not even look for the field then.
        if tokens.count > index + 1, ["TRUE", "FALSE"].contains(where: tokens[index + 1].isWord) {
            throw FilterFault.invalidClause(tokens[index + 1].text, at: tokens[index + 1].position)
        }
        let field = try grammar.field(name.text, at: name.position)
        let operation = try operation(after: name)
        try FilterRules.check(operation, on: field, grammar, at: name.position)
        let value = try value(of: field, operation)
        return Comparison(field: field, operation: operation, value: value, position: name.position)
    }

    private mutating func operation(after name: FilterToken) throws -> Comparison.Operator {
        guard let token = take() else { throw FilterFault.invalidClause(name.text, at: name.position) }
        if token.kind == .comparison {
            let text = token.text == "==" ? "=" : token.text == "<>" ? "!=" : token.text
            if let operation = Comparison.Operator(rawValue: text) { return operation }
        }
        if token.isWord("LIKE") { return .like }
        if token.isWord("ILIKE") { return .ilike }
        if token.isWord("IN") { return .isIn }
        if token.isWord("NOT"), takeWord("IN") { return .isNotIn }
        if token.isWord("IS") {
            if takeWord("NULL") { return .isNull }
            if takeWord("NOT"), takeWord("NULL") { return .isNotNull }
        }
        throw FilterFault.invalidClause(
            "\(name.text) \(token.text)", reason: "expected a comparison", at: token.position)
    }

    private mutating func value(of field: SearchField, _ operation: Comparison.Operator) throws -> Comparison.Value {
        switch operation {
        case .isNull, .isNotNull: return .none
        case .isIn, .isNotIn: return .list(try list())
        default: break
        }
        guard let token = take() else {
            throw FilterFault.invalidClause(field.key, reason: "a value is missing", at: end)
        }
        if grammar.isNumeric(field) || field.entity.isAssessment && (operation.isOrdering || token.kind == .number) {
            guard token.kind == .number, let number = Double(token.text) else {
                throw FilterRules.notNumeric(field, token)
            }
            return .number(number)
        }
        guard let text = Self.text(of: token) else { throw FilterRules.notText(field, token) }
        return .text(text)
    }

    /// A text in single or double quotes.
    private static func text(of token: FilterToken) -> String? {
        if token.kind == .string { return token.text }
        let inner = SearchGrammar.unquoted(token.text)
        return token.kind == .word && token.text.first == "\"" && inner != token.text ? inner : nil
    }

    private mutating func list() throws -> [String] {
        guard take()?.kind == .open, tokens[index...].contains(where: { $0.kind == .close }) else {
            throw FilterFault.invalidClause("IN", reason: "a list in parentheses is missing", at: position)
        }
        var values: [String] = []
        while let token = take(), token.kind != .close {
            guard token.kind != .comma else { throw Self.illFormed("ill-formed list", at: token.position) }
            guard let text = Self.text(of: token) else {
                throw FilterFault.invalid(
                    "While parsing a list in the query, expected string value, punctuation, or whitespace, but got "
                        + "different type in list: \(token.text)", at: token.position)
            }
            values.append(text)
            if current?.kind == .comma { index += 1 }
        }
        guard !values.isEmpty else { throw Self.illFormed("empty list", at: position) }
        return values
    }

    private static func illFormed(_ found: String, at position: Int) -> ServiceError {
        FilterFault.invalid(
            "While parsing a list in the query, expected a non-empty list of string values, but got \(found)",
            at: position)
    }
}

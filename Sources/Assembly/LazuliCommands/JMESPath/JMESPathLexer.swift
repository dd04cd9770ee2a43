import LazuliResources

/// The pieces of a JMESPath expression. Source: the JMESPath specification's grammar (jmespath.org).
enum JMESPathToken: Equatable {
    case name(String)
    case quotedName(String)
    case literal(JSON)
    case number(Int)
    case comparator(String)
    case symbol(String)
    case end
}

/// Why an expression cannot be read, and where: columns count from 1.
struct JMESPathError: Error, Equatable, CustomStringConvertible {
    let message: String
    let column: Int

    var description: String { "--query, column \(column): \(message)" }
}

/// Cuts an expression into tokens.
struct JMESPathLexer {
    private let letters: [Character]
    private var position = 0

    init(_ text: String) { letters = Array(text) }

    static func tokens(of text: String) throws(JMESPathError) -> [(token: JMESPathToken, column: Int)] {
        var lexer = JMESPathLexer(text)
        var tokens: [(JMESPathToken, Int)] = []
        while true {
            lexer.skipSpace()
            let column = lexer.position + 1
            let token = try lexer.next()
            tokens.append((token, column))
            if token == .end { return tokens }
        }
    }

    private var current: Character? { position < letters.count ? letters[position] : nil }

    private mutating func skipSpace() {
        while let letter = current, letter.isWhitespace { position += 1 }
    }

    private func failure(_ message: String) -> JMESPathError { JMESPathError(message: message, column: position + 1) }

    private mutating func next() throws(JMESPathError) -> JMESPathToken {
        guard let letter = current else { return .end }
        switch letter {
        case "a"..."z", "A"..."Z", "_": return .name(identifier())
        case "0"..."9", "-": return try number()
        case "\"": return .quotedName(try quotedName())
        case "'": return .literal(.string(try rawString()))
        case "`": return .literal(try literal())
        default: return try symbol()
        }
    }

    private mutating func identifier() -> String {
        let start = position
        while let letter = current, letter.isASCII, letter.isLetter || letter.isNumber || letter == "_" {
            position += 1
        }
        return String(letters[start..<position])
    }

    private mutating func number() throws(JMESPathError) -> JMESPathToken {
        let start = position
        if current == "-" { position += 1 }
        while let letter = current, letter.isASCII, letter.isNumber { position += 1 }
        guard let value = Int(String(letters[start..<position])) else { throw failure("expected digits after '-'") }
        return .number(value)
    }

    private mutating func enclosed(by mark: Character) throws(JMESPathError) -> String {
        let start = position
        position += 1
        var text = ""
        while let letter = current {
            position += 1
            if letter == mark { return text }
            text.append(letter)
            if letter == "\\", let escaped = current {
                text.append(escaped)
                position += 1
            }
        }
        position = start
        throw failure("this \(mark) is never closed")
    }

    private mutating func quotedName() throws(JMESPathError) -> String {
        let inner = try enclosed(by: "\"")
        guard let name = try? JSON(parsing: "\"\(inner)\"").string else {
            throw failure("the quoted name is not a valid JSON string")
        }
        return name
    }

    private mutating func rawString() throws(JMESPathError) -> String {
        try enclosed(by: "'").replacing("\\'", with: "'")
    }

    private mutating func literal() throws(JMESPathError) -> JSON {
        let inner = try enclosed(by: "`").replacing("\\`", with: "`")
        if let value = try? JSON(parsing: inner) { return value }
        // Old expressions leave out the quotes of a string literal.
        let trimmed = String(inner.drop(while: \.isWhitespace))
        guard let value = try? JSON(parsing: "\"\(trimmed)\"") else {
            throw failure("the literal between back-ticks is not JSON")
        }
        return value
    }

    private mutating func symbol() throws(JMESPathError) -> JMESPathToken {
        for text in ["[?", "[]", "||", "&&", "==", "!=", "<=", ">="] where starts(with: text) {
            position += 2
            return ["==", "!=", "<=", ">="].contains(text) ? .comparator(text) : .symbol(text)
        }
        guard let letter = current, "[](){}.,:*|&@!<>".contains(letter) else {
            if current == "=" { throw failure("'=' is no comparison; write '=='") }
            throw failure("unexpected \"\(current.map(String.init) ?? "")\"")
        }
        position += 1
        return "<>".contains(letter) ? .comparator(String(letter)) : .symbol(String(letter))
    }

    private func starts(with text: String) -> Bool {
        position + text.count <= letters.count && String(letters[position..<(position + text.count)]) == text
    }
}

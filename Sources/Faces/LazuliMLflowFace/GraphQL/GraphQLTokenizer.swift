/// Cuts a GraphQL text into tokens. Source: https://spec.graphql.org/October2021/#sec-Language.Source-Text.
struct GraphQLTokenizer {
    enum Token: Equatable {
        case name(String)
        case integer(Int64)
        case number(Double)
        case string(String)
        /// One of `! $ & ( ) : = @ [ ] { | }` or `...`.
        case sign(String)
    }

    private var rest: Substring

    static func tokens(of text: String) throws -> [Token] {
        var tokenizer = GraphQLTokenizer(rest: text[...])
        var tokens: [Token] = []
        while let token = try tokenizer.next() { tokens.append(token) }
        return tokens
    }

    private init(rest: Substring) { self.rest = rest }

    private mutating func next() throws -> Token? {
        skip()
        guard let first = rest.first else { return nil }
        if first == "\"" { return .string(try string()) }
        if Self.startsName(first) { return .name(take { Self.startsName($0) || Self.isDigit($0) }) }
        if first == "-" || Self.isDigit(first) { return try number() }
        if rest.hasPrefix("...") {
            rest = rest.dropFirst(3)
            return .sign("...")
        }
        guard "!$&():=@[]{|}".contains(first) else {
            throw GraphQLFault("Syntax Error: Unexpected character: '\(first)'.")
        }
        rest = rest.dropFirst()
        return .sign(String(first))
    }

    /// White space, commas and comments mean nothing.
    private mutating func skip() {
        while let first = rest.first {
            if first.isWhitespace || first == "," || first == "\u{FEFF}" {
                rest = rest.dropFirst()
            } else if first == "#" {
                rest = rest.drop { !$0.isNewline }
            } else {
                return
            }
        }
    }

    private static func startsName(_ character: Character) -> Bool {
        character == "_" || character.isASCII && character.isLetter
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private mutating func take(while condition: (Character) -> Bool) -> String {
        let text = rest.prefix(while: condition)
        rest = rest.dropFirst(text.count)
        return String(text)
    }

    private mutating func number() throws -> Token {
        let text = take { Self.isDigit($0) || "+-.eE".contains($0) }
        if let integer = Int64(text) { return .integer(integer) }
        if let number = Double(text) { return .number(number) }
        throw GraphQLFault("Syntax Error: Invalid number '\(text)'.")
    }

    private mutating func string() throws -> String {
        if rest.hasPrefix("\"\"\"") {
            rest = rest.dropFirst(3)
            var text = ""
            while let first = rest.first {
                if rest.hasPrefix("\"\"\"") {
                    rest = rest.dropFirst(3)
                    return text
                }
                text.append(first)
                rest = rest.dropFirst()
            }
            throw GraphQLFault("Syntax Error: Unterminated string.")
        }
        rest = rest.dropFirst()
        var text = ""
        while let first = rest.popFirst() {
            switch first {
            case "\"": return text
            case "\\": text.append(try escape())
            case let other where other.isNewline: throw GraphQLFault("Syntax Error: Unterminated string.")
            default: text.append(first)
            }
        }
        throw GraphQLFault("Syntax Error: Unterminated string.")
    }

    private mutating func escape() throws -> Character {
        let plain: [Character: Character] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
        ]
        let sign = rest.popFirst() ?? " "
        if let character = plain[sign] { return character }
        let digits = rest.prefix(4)
        guard sign == "u", digits.count == 4, let code = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(code)
        else { throw GraphQLFault("Syntax Error: Invalid character escape sequence: '\\\(sign)'.") }
        rest = rest.dropFirst(4)
        return Character(scalar)
    }
}

import LazuliResources

/// A piece of a filter or of an order_by text.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        /// A name, with its quotes: `metrics.loss`, ``tags.`my key` ``; or a word such as AND.
        case word
        /// A text in single quotes; `text` is without them.
        case string
        case number
        case comparison
        case comma, open, close
    }

    let kind: Kind
    let text: String
    /// The token's first character, counted from 1.
    let position: Int

    func isWord(_ word: String) -> Bool { kind == .word && text.uppercased() == word }
}

/// Cuts a filter into tokens. Names may hold letters, digits and `_ . - : /`, and anything inside backticks or double
/// quotes.
struct FilterTokenizer {
    private let characters: [Character]
    private var index = 0

    static func tokens(of text: String) throws -> [FilterToken] {
        var tokenizer = FilterTokenizer(characters: Array(text))
        var tokens: [FilterToken] = []
        while let token = try tokenizer.next() { tokens.append(token) }
        return tokens
    }

    private init(characters: [Character]) { self.characters = characters }

    private var current: Character? { index < characters.count ? characters[index] : nil }

    private mutating func next() throws -> FilterToken? {
        while let character = current, character.isWhitespace { index += 1 }
        guard let character = current else { return nil }
        switch character {
        case "(": return single(.open)
        case ")": return single(.close)
        case ",": return single(.comma)
        case "=", "!", "<", ">": return try comparison()
        case "'": return try string()
        default: break
        }
        if character.isNumber || character == "-" || character == "+" || character == "." { return try number() }
        return try word()
    }

    private mutating func single(_ kind: FilterToken.Kind) -> FilterToken {
        index += 1
        return FilterToken(kind: kind, text: String(characters[index - 1]), position: index)
    }

    private mutating func comparison() throws -> FilterToken {
        let start = index
        while let character = current, "=!<>".contains(character) { index += 1 }
        let text = String(characters[start..<index])
        guard ["=", "==", "!=", "<>", "<", "<=", ">", ">="].contains(text) else {
            throw fault("'\(text)' is no comparison", at: start)
        }
        return FilterToken(kind: .comparison, text: text, position: start + 1)
    }

    /// A text in single quotes; a doubled quote stands for one.
    private mutating func string() throws -> FilterToken {
        let start = index
        var text = ""
        index += 1
        while let character = current {
            index += 1
            if character == "'" {
                guard current == "'" else { return FilterToken(kind: .string, text: text, position: start + 1) }
                index += 1
            }
            text.append(character)
        }
        throw fault("a text begins here and is not closed", at: start)
    }

    private mutating func number() throws -> FilterToken {
        let start = index
        if characters[index] == "-" || characters[index] == "+" { index += 1 }
        while let character = current {
            let isExponentSign = "+-".contains(character) && "eE".contains(characters[index - 1])
            guard character.isNumber || character == "." || "eE".contains(character) || isExponentSign else { break }
            index += 1
        }
        let text = String(characters[start..<index])
        if let next = current, isNamePart(next) { throw fault("'\(text)\(next)' is no number", at: start) }
        guard let value = Double(text), value.isFinite else { throw fault("'\(text)' is no number", at: start) }
        return FilterToken(kind: .number, text: text, position: start + 1)
    }

    private mutating func word() throws -> FilterToken {
        let start = index
        while let character = current {
            if character == "`" || character == "\"" {
                try skipQuoted(character)
            } else if isNamePart(character) {
                index += 1
            } else {
                break
            }
        }
        guard index > start else { throw fault("'\(characters[start])' has no place here", at: start) }
        return FilterToken(kind: .word, text: String(characters[start..<index]), position: start + 1)
    }

    private mutating func skipQuoted(_ quote: Character) throws {
        let start = index
        index += 1
        while let character = current {
            index += 1
            if character == quote { return }
        }
        throw fault("a quoted name begins here and is not closed", at: start)
    }

    private func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_.-:/@".contains(character)
    }

    private func fault(_ reason: String, at index: Int) -> ServiceError {
        FilterFault.invalidClause(characters[index...], reason: reason, at: index + 1)
    }
}

/// Refusals of filters; each names the place.
enum FilterFault {
    static func invalidClause(
        _ text: some Sequence<Character>, reason: String? = nil, at position: Int
    ) -> ServiceError {
        let why = reason.map { ": \($0)" } ?? ""
        return TrackingFault.invalid(
            "Invalid clause(s) in filter string: '\(String(text))' (at character \(position)\(why))", target: "filter")
    }

    static func invalid(_ message: String, at position: Int) -> ServiceError {
        TrackingFault.invalid("\(message) (at character \(position) of the filter)", target: "filter")
    }
}

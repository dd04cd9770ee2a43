/// Why a text is not JSON, and where: lines and columns count from 1.
public struct JSONSyntaxError: Error, Sendable, Equatable {
    public let reason: String
    public let line: Int
    public let column: Int
}

extension JSON {
    /// Parses one JSON document (RFC 8259, UTF-8, an optional byte order mark).
    ///
    /// - Throws: `JSONSyntaxError`; also for documents nested deeper than 256 levels, so that no body can exhaust the stack.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONSyntaxError) {
        let parsed = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(JSONSyntaxError) in try JSONParser.parse(buffer) }
        }
        let result: Result<JSON, JSONSyntaxError>
        if let parsed {
            result = parsed
        } else {
            result = Array(bytes).withUnsafeBufferPointer { buffer in
                Result { () throws(JSONSyntaxError) in try JSONParser.parse(buffer) }
            }
        }
        self = try result.get()
    }

    public init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive-descent scanner over the bytes of one document.
private struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    private static let deepest = 256

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(bytes: bytes)
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { parser.position = 3 }
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.failure("text after the end of the document") }
        return value
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ reason: String) -> JSONSyntaxError {
        var line = 1, column = 1
        for index in 0..<min(position, bytes.count) {
            if bytes[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return JSONSyntaxError(reason: reason, line: line, column: column)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        skipSpace()
        switch current {
        case nil: throw failure("the document ends where a value should stand")
        case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.list() }
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSON
    ) throws(JSONSyntaxError) -> JSON {
        depth += 1
        guard depth <= Self.deepest else { throw failure("nested deeper than \(Self.deepest) levels") }
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw failure("expected \(word)") }
        position += length
        return value
    }

    private mutating func object() throws(JSONSyntaxError) -> JSON {
        position += 1
        var members = JSONObject()
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes") }
            let key = try text()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw failure("expected ':' after the key \"\(key)\"") }
            position += 1
            members[key] = try value()
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(members)
            default: throw failure("expected ',' or '}' in an object")
            }
        }
    }

    private mutating func list() throws(JSONSyntaxError) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            default: throw failure("expected ',' or ']' in an array")
            }
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = position
        var whole = true
        if current == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        digits()
        guard position > firstDigit else {
            position = start
            throw failure("unexpected character")
        }
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
            throw failure("a number may not begin with 0")
        }
        if current == UInt8(ascii: ".") {
            whole = false
            position += 1
            try requiredDigits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            whole = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try requiredDigits()
        }
        if whole, let integer = integer(from: start) { return .integer(integer) }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        guard let number = Double(text), number.isFinite else { throw failure("\(text) is too large a number") }
        return .number(number)
    }

    /// - Returns: nil for numbers outside the range of `Int64`.
    private func integer(from start: Int) -> Int64? {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var value: Int64 = 0
        // Downwards: the range has one more number below zero than above.
        for index in (isNegative ? start + 1 : start)..<position {
            let (tens, overTens) = value.multipliedReportingOverflow(by: 10)
            let (next, over) = tens.subtractingReportingOverflow(Int64(bytes[index] - UInt8(ascii: "0")))
            if overTens || over { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    private mutating func digits() {
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    }

    private mutating func requiredDigits() throws(JSONSyntaxError) {
        let start = position
        digits()
        guard position > start else { throw failure("expected a digit") }
    }

    /// The string that starts at the current quote. Plain runs are decoded in one step.
    private mutating func text() throws(JSONSyntaxError) -> String {
        position += 1
        var text = ""
        var runStart = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let rest = try run(from: runStart)
                position += 1
                return text.isEmpty ? rest : text + rest
            case UInt8(ascii: "\\"):
                text += try run(from: runStart)
                position += 1
                text.unicodeScalars.append(try escape())
                runStart = position
            case 0..<0x20: throw failure("a control character inside a string must be written as an escape")
            default: position += 1
            }
        }
        throw failure("a string is not closed")
    }

    private func run(from start: Int) throws(JSONSyntaxError) -> String {
        guard start < position else { return "" }
        let slice = UnsafeBufferPointer(rebasing: bytes[start..<position])
        // Plain ASCII, which nearly every text is, needs no validation.
        if slice.allSatisfy({ $0 < 0x80 }) { return String(decoding: slice, as: UTF8.self) }
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("a string is not valid UTF-8") }
        return text
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = current else { throw failure("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("unknown escape in a string")
        }
    }

    /// A lone surrogate has no scalar: it becomes U+FFFD, as Python's and browsers' encoders expect of a lenient reader.
    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let resume = position
        position += 2
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second) else {
            position = resume
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("expected four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

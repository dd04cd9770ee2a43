/// Reads JSON objects member by member. Values stay where they are in the file: a member is told by its place.
///
/// It relies on the zero bytes behind a file's end, which no JSON holds.
struct JSONRowScan {
    /// What a value is. What lies inside of lists and objects is not looked at, save for where they end.
    enum Kind {
        case null
        case number
        case truth
        case text
        case nested
    }

    /// The place of a text without its quotes, and of any other value.
    struct Slice {
        var start: Int
        var length: Int
        var hasEscapes = false
    }

    let bytes: UnsafePointer<UInt8>
    let end: Int
    private(set) var position: Int
    /// Whether line ends are white space: in a list, but not where a line is a row.
    private var linesMayEnd = false

    init(_ text: FileText) {
        bytes = text.bytes.start
        end = text.bytes.count
        position = text.start
    }

    // MARK: Members

    /// Reads `{` and gives each member; false if there is no whole object.
    mutating func members(_ member: (_ name: Slice, _ kind: Kind, _ value: Slice) -> Bool) -> Bool {
        skipSpace()
        guard take(0x7B) else { return false }
        skipSpace()
        if take(0x7D) { return true }
        while true {
            skipSpace()
            guard let name = text() else { return false }
            skipSpace()
            guard take(0x3A) else { return false }
            skipSpace()
            guard let (kind, value) = value(), member(name, kind, value) else { return false }
            skipSpace()
            if take(0x7D) { return true }
            guard take(0x2C) else { return false }
        }
    }

    private mutating func value() -> (Kind, Slice)? {
        switch bytes[position] {
        case 0x22: return text().map { (.text, $0) }
        case 0x7B, 0x5B: return nested().map { (.nested, $0) }
        case 0x74: return word("true").map { (.truth, $0) }
        case 0x66: return word("false").map { (.truth, $0) }
        case 0x6E: return word("null").map { (.null, $0) }
        // Python writes what JSON lacks.
        case 0x4E: return word("NaN").map { (.null, $0) }
        case 0x49: return word("Infinity").map { (.number, $0) }
        default: return number()
        }
    }

    private mutating func word(_ word: StaticString) -> Slice? {
        let start = position, length = word.utf8CodeUnitCount
        for place in 0..<length where bytes[start + place] != word.utf8Start[place] { return nil }
        position += length
        return Slice(start: start, length: length)
    }

    private mutating func number() -> (Kind, Slice)? {
        let start = position
        if bytes[start] == 0x2D, bytes[start + 1] == 0x49 {
            position += 1
            return word("Infinity").map { (.number, Slice(start: start, length: $0.length + 1)) }
        }
        while true {
            let byte = bytes[position]
            guard byte &- 0x30 < 10 || byte == 0x2D || byte == 0x2B || byte == 0x2E || byte | 0x20 == 0x65 else {
                break
            }
            position += 1
        }
        return position > start ? (.number, Slice(start: start, length: position - start)) : nil
    }

    private mutating func text() -> Slice? {
        guard take(0x22) else { return nil }
        let start = position
        var hasEscapes = false
        while true {
            let byte = bytes[position]
            if byte == 0x22 { break }
            if byte == 0x5C {
                hasEscapes = true
                position += 1
            }
            // A control character, or the end.
            guard bytes[position] >= 0x20 else { return nil }
            position += 1
        }
        defer { position += 1 }
        return Slice(start: start, length: position - start, hasEscapes: hasEscapes)
    }

    private mutating func nested() -> Slice? {
        let start = position
        var depth = 0
        repeat {
            switch bytes[position] {
            case 0x22:
                guard text() != nil else { return nil }
                continue
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D: depth -= 1
            case 0: return nil
            case 10 where !linesMayEnd: return nil
            default: break
            }
            position += 1
        } while depth > 0
        return Slice(start: start, length: position - start)
    }

    // MARK: Between members

    private mutating func take(_ byte: UInt8) -> Bool {
        guard bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while bytes[position] == 0x20 || bytes[position] == 9 || bytes[position] == 13
            || (linesMayEnd && bytes[position] == 10)
        {
            position += 1
        }
    }

    /// Goes to the next line that is not blank; false at the end.
    mutating func skipBlankLines() -> Bool {
        while position < end, bytes[position] <= 0x20, bytes[position] > 0 { position += 1 }
        return position < end
    }

    mutating func takeLineEnd() -> Bool {
        skipSpace()
        return position >= end || take(10)
    }

    mutating func skipLine(from start: Int) {
        position = start
        while position < end, bytes[position] != 10 { position += 1 }
    }

    /// Whether the file is a list rather than lines; its `[` is read then.
    mutating func takeListStart() -> Bool {
        let start = position
        guard skipBlankLines(), take(0x5B) else {
            position = start
            return false
        }
        linesMayEnd = true
        skipSpace()
        return true
    }

    mutating func isAtListSeparator() -> Bool {
        skipSpace()
        return bytes[position] == 0x2C || bytes[position] == 0x5D
    }

    mutating func takeListSeparator() {
        _ = take(0x2C)
        skipSpace()
    }

    mutating func takeListEnd() -> Bool { take(0x5D) }
}

/// Texts of JSON without their escapes. Source: RFC 8259 section 7.
enum JSONEscapes {
    /// Nil if an escape is none.
    static func removed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var plain: [UInt8] = [], rest = text[...]
        plain.reserveCapacity(text.count)
        while let byte = rest.popFirst() {
            guard byte == 0x5C else {
                plain.append(byte)
                continue
            }
            guard let letter = rest.popFirst() else { return nil }
            switch letter {
            case 0x22, 0x5C, 0x2F: plain.append(letter)
            case UInt8(ascii: "b"): plain.append(8)
            case UInt8(ascii: "f"): plain.append(12)
            case UInt8(ascii: "n"): plain.append(10)
            case UInt8(ascii: "r"): plain.append(13)
            case UInt8(ascii: "t"): plain.append(9)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(&rest) else { return nil }
                plain += Array(String(Character(scalar)).utf8)
            default: return nil
            }
        }
        return plain
    }

    private static func scalar(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Unicode.Scalar? {
        guard let first = unit(&rest) else { return nil }
        guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let after = rest
        if rest.popFirst() == 0x5C, rest.popFirst() == UInt8(ascii: "u"), let second = unit(&rest),
            second & 0xFC00 == 0xDC00
        {
            return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
        }
        // Half a character.
        rest = after
        return "\u{FFFD}"
    }

    private static func unit(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
        let digits = rest.prefix(4)
        guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            return nil
        }
        rest = rest.dropFirst(4)
        return value
    }
}

/// Memory for a text with escapes resolved; used again from text to text.
struct TextUnescaping {
    private var resolved: [UInt8] = []

    /// Resolves the escapes of a JSON string. Source: RFC 8259, section 7.
    mutating func resolve(_ text: UnsafeBufferPointer<UInt8>) throws(ScoringFault) -> [UInt8] {
        resolved.removeAll(keepingCapacity: true)
        var position = 0
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte != UInt8(ascii: "\\") {
                resolved.append(byte)
            } else {
                try resolveEscape(text, &position)
            }
        }
        return resolved
    }

    private mutating func resolveEscape(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(ScoringFault) {
        guard position < text.count else { throw Self.wrong }
        let kind = text[position]
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): resolved.append(kind)
        case UInt8(ascii: "b"): resolved.append(0x08)
        case UInt8(ascii: "f"): resolved.append(0x0C)
        case UInt8(ascii: "n"): resolved.append(0x0A)
        case UInt8(ascii: "r"): resolved.append(0x0D)
        case UInt8(ascii: "t"): resolved.append(0x09)
        case UInt8(ascii: "u"): resolved += Array(try Self.scalar(text, &position).utf8)
        default: throw Self.wrong
        }
    }

    private static func scalar(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(ScoringFault) -> Character {
        let first = try unit(text, &position)
        guard first & 0xFC00 == 0xD800 else { return Character(Unicode.Scalar(first) ?? "\u{FFFD}") }
        guard position + 1 < text.count, text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        position += 2
        let second = try unit(text, &position)
        guard second & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
        return Character(Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}")
    }

    private static func unit(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(ScoringFault) -> UInt32 {
        guard position + 4 <= text.count else { throw wrong }
        defer { position += 4 }
        let digits = UnsafeBufferPointer(rebasing: text[position..<position + 4])
        guard digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw wrong }
        return value
    }

    private static var wrong: ScoringFault {
        ScoringFault("The body is not valid JSON: a string holds an escape that JSON does not know.")
    }
}

import Glibc

/// A place in a JSON text that is read once, from front to back, straight into where the values belong.
struct JSONCursor {
    let base: UnsafePointer<UInt8>
    let end: Int
    var position = 0
    /// Nested deeper than this, a body is refused rather than let it exhaust the stack.
    static let deepest = 64
    nonisolated(unsafe) private static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        base = bytes.baseAddress ?? Self.nothing
        end = bytes.count
        if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { position = 3 }
    }

    /// The next byte that is no white space; 0 at the end.
    @inline(__always)
    mutating func peek() -> UInt8 {
        while position < end {
            let byte = base[position]
            if byte > 0x20 { return byte }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return 0
    }

    /// Steps over the byte if it comes next.
    @inline(__always)
    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(truncatingIfNeeded: byte.value) else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func expect(_ byte: Unicode.Scalar) throws(ScoringFault) {
        guard take(byte) else { throw malformed("expected '\(byte)'") }
    }

    /// Steps over what separates two elements.
    /// - Returns: false after the last one, with the closing bracket taken.
    @inline(__always)
    mutating func another(before close: Unicode.Scalar) throws(ScoringFault) -> Bool {
        if take(",") { return true }
        if take(close) { return false }
        throw malformed("expected ',' or '\(close)'")
    }

    /// The body is whole: nothing but white space follows.
    mutating func expectEnd() throws(ScoringFault) {
        guard peek() == 0, position >= end else { throw malformed("text after the end of the document") }
    }

    func malformed(_ reason: String) -> ScoringFault {
        var line = 1, column = 1
        for index in 0..<min(position, end) {
            column += 1
            if base[index] == 0x0A { (line, column) = (line + 1, 1) }
        }
        return ScoringFault("The body is not valid JSON: \(reason) at line \(line), column \(column).")
    }

    /// A complaint about the value that begins here; about the text, if it ends here.
    func complaint(_ message: (String) -> String) -> ScoringFault {
        var copy = self
        if copy.peek() == 0, copy.position >= end {
            return copy.malformed("the document ends where a value should stand")
        }
        return ScoringFault(message(excerpt()))
    }

    @inline(__always)
    mutating func takeWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= end, memcmp(base + position, word.utf8Start, length) == 0 else { return false }
        position += length
        return true
    }

    /// A string that begins here, without its quotes; `hasEscapes` tells whether it is to be unescaped.
    mutating func string() throws(ScoringFault) -> (bytes: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        try expect("\"")
        let start = position
        var hasEscapes = false
        while position < end {
            let byte = base[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return (UnsafeBufferPointer(start: base + start, count: position - 1 - start), hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            } else if byte < 0x20 {
                throw malformed("a control character inside a string must be written as an escape")
            }
            position += 1
        }
        throw malformed("a string is not closed")
    }

    /// Steps over a value of any kind.
    mutating func skip(depth: Int = 0) throws(ScoringFault) {
        guard depth < Self.deepest else { throw malformed("nested deeper than \(Self.deepest) levels") }
        switch peek() {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "["):
            position += 1
            if take("]") { return }
            repeat { try skip(depth: depth + 1) } while try another(before: "]")
        case UInt8(ascii: "{"):
            position += 1
            if take("}") { return }
            repeat {
                _ = try string()
                try expect(":")
                try skip(depth: depth + 1)
            } while try another(before: "}")
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "I"):
            guard word() else { throw malformed("unexpected character") }
        default: _ = try number()
        }
    }

    private mutating func word() -> Bool {
        takeWord("true") || takeWord("false") || takeWord("null") || takeWord("NaN") || takeWord("Infinity")
    }

    /// The value that begins here as it is written, shortened, for a message.
    func excerpt() -> String {
        var copy = self
        _ = copy.peek()
        let start = copy.position
        _ = try? copy.skip()
        let length = min(max(copy.position - start, 1), 40, max(end - start, 0))
        let text = String(decoding: UnsafeBufferPointer(start: base + start, count: length), as: UTF8.self)
        return copy.position - start > 40 ? text + "…" : text
    }
}

extension JSON {
    /// The document as UTF-8 text without white space.
    public var bytes: [UInt8] {
        var writer = JSONWriter(indent: nil)
        writer.write(self)
        return writer.output
    }

    /// The document as text without white space.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The document for people: two spaces a level.
    public var prettyText: String {
        var writer = JSONWriter(indent: 2)
        writer.write(self)
        return String(decoding: writer.output, as: UTF8.self)
    }

    /// A number as JSON writes it; infinities and NaN, which JSON lacks, by the names MLflow and Python use.
    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 { return "\(whole).0" }
        return "\(number)"
    }
}

private struct JSONWriter {
    var output: [UInt8] = []
    private let indent: Int?
    private var level = 0

    init(indent: Int?) { self.indent = indent }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let number):
            let text = JSON.text(of: number)
            // JSON has no infinities: a string is what both MLflow's and .NET's readers take back.
            number.isFinite ? append(text) : quote(text)
        case .string(let text): quote(text)
        case .array(let elements):
            enclose("[", "]", elements.isEmpty) { writer in
                for (index, element) in elements.enumerated() {
                    writer.separate(index)
                    writer.write(element)
                }
            }
        case .object(let members):
            enclose("{", "}", members.isEmpty) { writer in
                for (index, member) in members.pairs.enumerated() {
                    writer.separate(index)
                    writer.quote(member.key)
                    writer.append(writer.indent == nil ? ":" : ": ")
                    writer.write(member.value)
                }
            }
        }
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func enclose(
        _ open: String, _ close: String, _ isEmpty: Bool, _ body: (inout JSONWriter) -> Void
    ) {
        append(open)
        level += 1
        body(&self)
        level -= 1
        if !isEmpty { newLine() }
        append(close)
    }

    private mutating func separate(_ index: Int) {
        if index > 0 { append(",") }
        newLine()
    }

    private mutating func newLine() {
        guard let indent else { return }
        append("\n" + String(repeating: " ", count: indent * level))
    }

    private mutating func quote(_ text: String) {
        output.append(UInt8(ascii: "\""))
        // Nearly every text needs no escape and is taken as a whole.
        var text = text
        let isPlain = text.withUTF8 { bytes in
            guard bytes.allSatisfy({ !Self.needsEscape($0) }) else { return false }
            output.append(contentsOf: bytes)
            return true
        }
        if !isPlain { escape(text) }
        output.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
            default: output.append(byte)
            }
        }
    }
}

/// The text form of protocol buffers, read without a schema: `name: value`, `name { … }`, `name [ …, … ]`.
///
/// Source: protobuf.dev/reference/protobuf/textformat-spec.
struct TextMessage: Equatable {
    enum Value: Equatable {
        case scalar(String)
        case message(TextMessage)
    }

    struct Malformed: Error, Equatable { let line: Int }

    private(set) var fields: [(name: String, value: Value)] = []

    static func == (left: TextMessage, right: TextMessage) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    init(parsing text: String) throws(Malformed) {
        var reader = TextMessageReader(text)
        fields = try reader.fields(until: nil)
    }

    fileprivate init(_ fields: [(name: String, value: Value)]) { self.fields = fields }

    /// The last value of a scalar field.
    func scalar(_ name: String) -> String? {
        for field in fields.reversed() where field.name == name {
            if case .scalar(let text) = field.value { return text }
        }
        return nil
    }

    func scalars(_ name: String) -> [String] {
        fields.compactMap { field in
            if field.name == name, case .scalar(let text) = field.value { text } else { nil }
        }
    }

    func messages(_ name: String) -> [TextMessage] {
        fields.compactMap { field in
            if field.name == name, case .message(let message) = field.value { message } else { nil }
        }
    }
}

private struct TextMessageReader {
    private let text: [UInt8]
    private var position = 0
    private var depth = 0
    private static let deepest = 32

    init(_ text: String) { self.text = Array(text.utf8) }

    private var malformed: TextMessage.Malformed {
        TextMessage.Malformed(line: 1 + text.prefix(position).count { $0 == UInt8(ascii: "\n") })
    }

    /// The next byte that is neither white space nor part of a comment; 0 at the end.
    private mutating func peek() -> UInt8 {
        while position < text.count {
            if text[position] == UInt8(ascii: "#") {
                while position < text.count, text[position] != UInt8(ascii: "\n") { position += 1 }
            } else if text[position] > 0x20 {
                return text[position]
            } else {
                position += 1
            }
        }
        return 0
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(truncatingIfNeeded: byte.value) else { return false }
        position += 1
        return true
    }

    mutating func fields(until close: Unicode.Scalar?) throws(TextMessage.Malformed) -> [(
        name: String, value: TextMessage.Value
    )] {
        var fields: [(name: String, value: TextMessage.Value)] = []
        while true {
            if let close, take(close) { return fields }
            if peek() == 0 {
                if close == nil { return fields }
                throw malformed
            }
            let name = try word()
            for value in try values() { fields.append((name, value)) }
            while take(",") || take(";") {}
        }
    }

    private mutating func values() throws(TextMessage.Malformed) -> [TextMessage.Value] {
        _ = take(":")
        guard take("[") else { return [try value()] }
        var values: [TextMessage.Value] = []
        while !take("]") {
            values.append(try value())
            _ = take(",")
        }
        return values
    }

    private mutating func value() throws(TextMessage.Malformed) -> TextMessage.Value {
        if take("{") { return try message(until: "}") }
        if take("<") { return try message(until: ">") }
        guard peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") else { return .scalar(try word()) }
        var joined = ""
        while peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") { joined += try quoted() }
        return .scalar(joined)
    }

    private mutating func message(until close: Unicode.Scalar) throws(TextMessage.Malformed) -> TextMessage.Value {
        guard depth < Self.deepest else { throw malformed }
        depth += 1
        defer { depth -= 1 }
        return .message(TextMessage(try fields(until: close)))
    }

    private mutating func quoted() throws(TextMessage.Malformed) -> String {
        let quote = text[position]
        var bytes: [UInt8] = []
        position += 1
        while position < text.count, text[position] != quote {
            if text[position] == UInt8(ascii: "\\") { position += 1 }
            if position < text.count { bytes.append(text[position]) }
            position += 1
        }
        guard position < text.count else { throw malformed }
        position += 1
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func word() throws(TextMessage.Malformed) -> String {
        _ = peek()
        let start = position
        let ends = Set(":{}[]<>,;#\"'".utf8)
        while position < text.count, text[position] > 0x20, !ends.contains(text[position]) { position += 1 }
        guard position > start else { throw malformed }
        return String(decoding: text[start..<position], as: UTF8.self)
    }
}

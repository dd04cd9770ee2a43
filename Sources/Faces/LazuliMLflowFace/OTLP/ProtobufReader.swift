import LazuliTracking

/// Walks over the fields of one protobuf message.
///
/// Source: https://protobuf.dev/programming-guides/encoding/. Groups (wire types 3 and 4) are refused: no message that
/// is read here has any.
struct ProtobufReader {
    /// A field's value as its wire type has it.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)
    }

    struct Field {
        let number: UInt64
        let value: Value
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field, or nil at the end of the message.
    /// - Throws: `invalidArgument` if the bytes are no message.
    mutating func next() throws -> Field? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0 else { throw Self.malformed("a field has the number 0") }
        let value: Value =
            switch tag & 7 {
            case 0: .varint(try varint())
            case 1: .fixed64(try fixed(8))
            case 2: .bytes(try delimited())
            case 5: .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
            default: throw Self.malformed("a field has the wire type \(tag & 7)")
            }
        return Field(number: tag >> 3, value: value)
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Self.malformed("it ends inside of a number") }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        throw Self.malformed("a number has more than ten bytes")
    }

    /// A number of so many bytes, the lowest first.
    private mutating func fixed(_ count: Int) throws -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func delimited() throws -> ArraySlice<UInt8> {
        let count = try varint()
        guard count <= UInt64(rest.count) else { throw Self.malformed("a field is longer than its message") }
        return try take(Int(count))
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard rest.count >= count else { throw Self.malformed("it ends inside of a field") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    static func malformed(_ reason: String) -> any Error {
        TrackingFault.invalid("Invalid OpenTelemetry format: the protobuf message cannot be read, \(reason).")
    }

    /// Calls `body` with each field of a message.
    static func each(_ bytes: ArraySlice<UInt8>, _ body: (Field) throws -> Void) throws {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() { try body(field) }
    }
}

extension ProtobufReader.Field {
    /// The bytes of a text or of a message inside; a field of another wire type is no such field.
    func bytes() throws -> ArraySlice<UInt8> {
        guard case .bytes(let bytes) = value else { throw ProtobufReader.malformed("field \(number) is no text") }
        return bytes
    }

    func text() throws -> String { String(decoding: try bytes(), as: UTF8.self) }

    func integer() throws -> Int64 {
        switch value {
        case .varint(let value), .fixed64(let value): return Int64(bitPattern: value)
        case .fixed32(let value): return Int64(value)
        case .bytes: throw ProtobufReader.malformed("field \(number) is no number")
        }
    }
}

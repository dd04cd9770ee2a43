/// Reads the wire format of protocol buffers, field by field, without a schema.
///
/// Source: protobuf.dev/programming-guides/encoding.
struct ProtobufReader {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A text, a nested message or packed numbers.
        case bytes(Slice<UnsafeRawBufferPointer>)
    }

    struct Malformed: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    init(_ slice: Slice<UnsafeRawBufferPointer>) { self.init(UnsafeRawBufferPointer(rebasing: slice)) }

    var isAtEnd: Bool { position >= end }

    /// The next field; nil at the end of the message.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        guard !isAtEnd else { return nil }
        let key = try varint()
        let field = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return (field, .varint(try varint()))
        case 1: return (field, .fixed64(try fixed(UInt64.self)))
        case 2:
            let length = Int(truncatingIfNeeded: try varint())
            guard length >= 0, length <= end - position else { throw Malformed() }
            defer { position += length }
            return (field, .bytes(bytes[position..<position + length]))
        case 5: return (field, .fixed32(try fixed(UInt32.self)))
        default: throw Malformed()
        }
    }

    mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw Malformed() }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }

    mutating func fixed<Number: FixedWidthInteger>(_ type: Number.Type) throws(Malformed) -> Number {
        let size = MemoryLayout<Number>.size
        guard size <= end - position else { throw Malformed() }
        defer { position += size }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }
}

extension ProtobufReader.Value {
    var text: String? { if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil } }

    var integer: Int? { if case .varint(let value) = self { Int(truncatingIfNeeded: value) } else { nil } }

    var float: Float? { if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil } }

    /// A repeated field of numbers: packed, or one at a time.
    func append(to numbers: inout [Int]) throws(ProtobufReader.Malformed) {
        switch self {
        case .varint(let value): numbers.append(Int(truncatingIfNeeded: value))
        case .bytes(let bytes):
            var reader = ProtobufReader(bytes)
            while !reader.isAtEnd { numbers.append(Int(truncatingIfNeeded: try reader.varint())) }
        default: throw ProtobufReader.Malformed()
        }
    }

    func append(to numbers: inout [Float]) throws(ProtobufReader.Malformed) {
        switch self {
        case .fixed32(let bits): numbers.append(Float(bitPattern: bits))
        case .bytes(let bytes):
            var reader = ProtobufReader(bytes)
            while !reader.isAtEnd { numbers.append(Float(bitPattern: try reader.fixed(UInt32.self))) }
        default: throw ProtobufReader.Malformed()
        }
    }
}

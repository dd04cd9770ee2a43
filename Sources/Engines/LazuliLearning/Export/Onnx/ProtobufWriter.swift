/// Writes the wire format of protocol buffers, field by field.
///
/// Source: protobuf.dev/programming-guides/encoding.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    static func message(_ write: (inout ProtobufWriter) -> Void) -> ProtobufWriter {
        var writer = ProtobufWriter()
        write(&writer)
        return writer
    }

    mutating func integer(_ field: Int, _ value: Int) {
        key(field, wireType: 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func float(_ field: Int, _ value: Float) {
        key(field, wireType: 5)
        fixed(value.bitPattern)
    }

    mutating func text(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

    mutating func bytes(_ field: Int, _ content: [UInt8]) {
        key(field, wireType: 2)
        varint(UInt64(content.count))
        bytes += content
    }

    mutating func message(_ field: Int, _ message: ProtobufWriter) { bytes(field, message.bytes) }

    mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        bytes(field, Self.message(write).bytes)
    }

    /// A repeated field in one piece.
    mutating func packed(_ field: Int, _ values: [Int]) {
        bytes(field, Self.message { for value in values { $0.varint(UInt64(bitPattern: Int64(value))) } }.bytes)
    }

    mutating func packed(_ field: Int, _ values: [Float]) {
        bytes(field, Self.message { for value in values { $0.fixed(value.bitPattern) } }.bytes)
    }

    /// The memory of numbers, little-endian, as a text of bytes.
    mutating func raw(_ field: Int, _ write: (inout ProtobufWriter) -> Void) { message(field, write) }

    mutating func fixed(_ bits: some FixedWidthInteger) {
        withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func key(_ field: Int, wireType: Int) { varint(UInt64(field << 3 | wireType)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

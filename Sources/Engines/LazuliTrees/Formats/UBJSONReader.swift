import LazuliResources

/// Reads Universal Binary JSON, as XGBoost writes it: big-endian numbers, arrays of one type with a count in front.
///
/// Source: ubjson.org/specification, draft 12.
struct UBJSONReader {
    struct Malformed: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private static let deepest = 64

    static func parse(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> JSON {
        var reader = UBJSONReader(bytes: bytes)
        return try reader.value(try reader.byte(), depth: 0)
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    private func isNext(_ mark: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(truncatingIfNeeded: mark.value)
    }

    private mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws(Malformed) -> Number {
        let size = MemoryLayout<Number>.size
        guard size <= bytes.count - position else { throw Malformed() }
        defer { position += size }
        return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }

    private mutating func value(_ mark: UInt8, depth: Int) throws(Malformed) -> JSON {
        guard depth < Self.deepest else { throw Malformed() }
        switch Unicode.Scalar(mark) {
        case "Z", "N": return .null
        case "T": return true
        case "F": return false
        case "d": return .number(Double(Float(bitPattern: try integer(UInt32.self))))
        case "D": return .number(Double(bitPattern: try integer(UInt64.self)))
        case "S": return .string(try text())
        case "[": return try array(depth)
        case "{": return try object(depth)
        default: return .integer(try whole(mark))
        }
    }

    private mutating func whole(_ mark: UInt8) throws(Malformed) -> Int64 {
        switch Unicode.Scalar(mark) {
        case "i": Int64(try integer(Int8.self))
        case "U": Int64(try integer(UInt8.self))
        case "I": Int64(try integer(Int16.self))
        case "l": Int64(try integer(Int32.self))
        case "L": try integer(Int64.self)
        default: throw Malformed()
        }
    }

    private mutating func length() throws(Malformed) -> Int {
        let length = try whole(try byte())
        // No element is shorter than a byte.
        guard length >= 0, length <= bytes.count - position else { throw Malformed() }
        return Int(length)
    }

    private mutating func text() throws(Malformed) -> String {
        let length = try length()
        defer { position += length }
        return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }

    private mutating func array(_ depth: Int) throws(Malformed) -> JSON {
        var elements: [JSON] = []
        if isNext("$") {
            position += 1
            let mark = try byte()
            guard try byte() == UInt8(ascii: "#") else { throw Malformed() }
            let count = try length()
            elements.reserveCapacity(count)
            for _ in 0..<count { elements.append(try value(mark, depth: depth + 1)) }
        } else if isNext("#") {
            position += 1
            for _ in 0..<(try length()) { elements.append(try value(try byte(), depth: depth + 1)) }
        } else {
            while !isNext("]") { elements.append(try value(try byte(), depth: depth + 1)) }
            position += 1
        }
        return .array(elements)
    }

    private mutating func object(_ depth: Int) throws(Malformed) -> JSON {
        var members = JSONObject()
        while !isNext("}") {
            let key = try text()
            members[key] = try value(try byte(), depth: depth + 1)
        }
        position += 1
        return .object(members)
    }
}

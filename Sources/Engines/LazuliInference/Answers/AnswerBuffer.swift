import Glibc

/// Bytes on their way out; the memory is used again from answer to answer.
package struct AnswerBuffer: ~Copyable {
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 16 << 10) {
        self.capacity = capacity
        memory = .allocate(capacity: capacity)
    }

    deinit { memory.deallocate() }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    @inline(__always)
    package mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    private mutating func grow(_ more: Int) {
        capacity = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: memory, count: count)
        memory.deallocate()
        memory = larger
    }

    @inline(__always)
    package mutating func append(_ byte: Unicode.Scalar) {
        reserve(1)
        memory[count] = UInt8(truncatingIfNeeded: byte.value)
        count += 1
    }

    package mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        memcpy(memory + count, source, bytes.count)
        count += bytes.count
    }

    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// A number in the memory's own order, which is little-endian on all machines this runs on.
    package mutating func append(number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { append($0) }
    }

    /// Writes a number over bytes that are there.
    package mutating func overwrite(at place: Int, number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) {
            UnsafeMutableRawBufferPointer(start: memory + place, count: $0.count).copyMemory(from: $0)
        }
    }

    /// Forgets the bytes from there on.
    package mutating func removeAll(from place: Int = 0) { count = place }
}

extension AnswerBuffer {
    /// A number as Python writes it; what JSON has no number for becomes null.
    mutating func append(real value: Double) {
        guard value.isFinite else { return append("null") }
        var text = value.description
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// A text in quotes, escaped. Source: RFC 8259, section 7.
    mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
        append("\"")
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"" as StaticString)
            case UInt8(ascii: "\\"): append("\\\\" as StaticString)
            case 0..<0x20: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: append(Unicode.Scalar(byte))
            }
        }
        append("\"")
    }
}

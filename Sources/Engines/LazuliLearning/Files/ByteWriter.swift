/// Writes values for a process of the same program on the same machine: native byte order, no versions.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number<Value: BitwiseCopyable>(_ value: Value) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func count(_ value: Int) { number(Int64(value)) }

    mutating func array<Value: BitwiseCopyable>(_ values: [Value]) {
        count(values.count)
        values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func text(_ value: String) {
        count(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func list<Value>(_ values: [Value], _ write: (inout ByteWriter, Value) -> Void) {
        count(values.count)
        for value in values { write(&self, value) }
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
        list(value.map { [$0] } ?? [], write)
    }
}

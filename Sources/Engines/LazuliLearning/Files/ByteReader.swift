import LazuliTabular

/// Reads what `ByteWriter` wrote.
struct ByteReader {
    private let file: FileBytes
    private var place = 0

    init(_ file: FileBytes) { self.file = file }

    private var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(file.buffer) }

    private static let cutOff = LearningFault("A file between training processes is cut off.")

    private mutating func take(_ count: Int) throws(LearningFault) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - place else { throw Self.cutOff }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    }

    mutating func number<Value: BitwiseCopyable>(_ type: Value.Type) throws(LearningFault) -> Value {
        try take(MemoryLayout<Value>.size).loadUnaligned(as: type)
    }

    mutating func count() throws(LearningFault) -> Int { Int(try number(Int64.self)) }

    mutating func array<Value: BitwiseCopyable & Sendable>(_ type: Value.Type) throws(LearningFault) -> [Value] {
        Array(try shared(type))
    }

    /// Numbers as they lie in the file, which stays mapped as long as they are looked at.
    mutating func shared<Value: BitwiseCopyable & Sendable>(
        _ type: Value.Type
    ) throws(LearningFault) -> SharedArray<Value> {
        let count = try count(), stride = MemoryLayout<Value>.stride
        place += -place & (ByteWriter.alignment - 1)
        guard count >= 0, count <= (bytes.count - place) / stride else { throw Self.cutOff }
        return SharedArray(try take(count * stride).bindMemory(to: type), owner: file)
    }

    mutating func text() throws(LearningFault) -> String {
        let count = try count()
        return String(decoding: try take(count), as: UTF8.self)
    }

    mutating func list<Value>(
        _ read: (inout ByteReader) throws(LearningFault) -> Value
    ) throws(LearningFault) -> [Value] {
        let count = try count()
        var values: [Value] = []
        for _ in 0..<max(0, count) { values.append(try read(&self)) }
        return values
    }

    mutating func optional<Value>(
        _ read: (inout ByteReader) throws(LearningFault) -> Value
    ) throws(LearningFault) -> Value? {
        try list(read).first
    }

    /// An enum's case by its raw value.
    mutating func word<Value: RawRepresentable>(_ type: Value.Type) throws(LearningFault) -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try text()) else { throw Self.cutOff }
        return value
    }
}

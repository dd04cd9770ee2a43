import Glibc

/// Writes values for a process of the same program on the same machine: native byte order, no versions.
struct ByteWriter {
    /// What is not in the file yet; all of it where there is none.
    private(set) var bytes: [UInt8] = []
    private let file: Int32?
    private var inFile = 0
    /// Why something could not be written.
    private(set) var failure: Int32?

    /// Numbers begin where any of them may stand, so that a reader can take them as they lie.
    static let alignment = 8
    private static let most = 1 << 20

    /// - Parameter file: a descriptor that what has gathered goes to; nil to keep all of it in memory.
    init(file: Int32? = nil) { self.file = file }

    mutating func number<Value: BitwiseCopyable>(_ value: Value) {
        withUnsafeBytes(of: value) { append($0) }
    }

    mutating func count(_ value: Int) { number(Int64(value)) }

    mutating func array<Value: BitwiseCopyable>(_ values: [Value]) {
        values.withUnsafeBufferPointer { array($0) }
    }

    mutating func array<Value: BitwiseCopyable & Sendable>(_ values: SharedArray<Value>) {
        values.withContiguousStorageIfAvailable { array($0) }
    }

    private mutating func array<Value: BitwiseCopyable>(_ values: UnsafeBufferPointer<Value>) {
        count(values.count)
        while (inFile + bytes.count) % Self.alignment != 0 { bytes.append(0) }
        append(UnsafeRawBufferPointer(values))
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

    // MARK: - To the file

    /// Large pieces go to the file from where they lie.
    private mutating func append(_ piece: UnsafeRawBufferPointer) {
        guard file != nil, bytes.count + piece.count > Self.most else { return bytes.append(contentsOf: piece) }
        flush()
        put(piece)
    }

    /// Puts what has gathered into the file.
    mutating func flush() {
        let gathered = bytes
        bytes.removeAll(keepingCapacity: true)
        gathered.withUnsafeBytes { put($0) }
    }

    private mutating func put(_ piece: UnsafeRawBufferPointer) {
        guard let file else { return }
        var rest = piece
        while !rest.isEmpty, failure == nil {
            let count = Glibc.write(file, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                failure = errno
            }
        }
        inFile += piece.count
    }
}

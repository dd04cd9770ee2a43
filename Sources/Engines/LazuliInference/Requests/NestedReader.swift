/// Reads lists of lists of values into a tensor; their lengths are its shape.
struct NestedReader {
    private let tensor: Tensor
    /// Where the next element goes.
    private(set) var count: Int
    /// The length of each level; nil until its first list has ended.
    private var lengths: [Int?] = []
    private var depth: Int?
    private let name: String
    private var unescaping = TextUnescaping()

    /// - Parameter count: elements that stand in the tensor already.
    init(_ tensor: Tensor, name: String, count: Int = 0) {
        self.tensor = tensor
        self.name = name
        self.count = count
    }

    /// - Returns: the shape.
    mutating func read(_ cursor: inout JSONCursor) throws(ScoringFault) -> [Int] {
        try readLevel(&cursor, 0)
        return lengths.map { $0 ?? 0 }
    }

    private mutating func readLevel(_ cursor: inout JSONCursor, _ level: Int) throws(ScoringFault) {
        guard cursor.peek() == UInt8(ascii: "[") else {
            if depth == nil { depth = level }
            guard depth == level else { throw ragged }
            return try readElement(&cursor)
        }
        guard level < JSONCursor.deepest, depth.map({ level < $0 }) ?? true else { throw ragged }
        if lengths.count == level { lengths.append(nil) }
        cursor.position += 1
        var length = 0
        if !cursor.take("]") {
            repeat {
                try readLevel(&cursor, level + 1)
                length += 1
            } while try cursor.another(before: "]")
        }
        if lengths[level] == nil { lengths[level] = length }
        guard lengths[level] == length else { throw ragged }
    }

    private var ragged: ScoringFault {
        ScoringFault("The lists of the tensor \"\(name)\" do not all have the same length.")
    }

    @inline(__always)
    private mutating func readElement(_ cursor: inout JSONCursor) throws(ScoringFault) {
        tensor.reserve(count + 1)
        switch tensor.type {
        case .float32: tensor.elements(as: Float.self)[count] = Float(try real(&cursor))
        case .float64: tensor.elements(as: Double.self)[count] = try real(&cursor)
        case .string: try readText(&cursor)
        case .bool: tensor.elements(as: UInt8.self)[count] = try truth(&cursor)
        case .int8: tensor.elements(as: Int8.self)[count] = try whole(&cursor)
        case .int16: tensor.elements(as: Int16.self)[count] = try whole(&cursor)
        case .int32: tensor.elements(as: Int32.self)[count] = try whole(&cursor)
        case .int64: tensor.elements(as: Int64.self)[count] = try whole(&cursor)
        case .uint8: tensor.elements(as: UInt8.self)[count] = try whole(&cursor)
        case .uint16: tensor.elements(as: UInt16.self)[count] = try whole(&cursor)
        case .uint32: tensor.elements(as: UInt32.self)[count] = try whole(&cursor)
        case .uint64: tensor.elements(as: UInt64.self)[count] = try whole(&cursor)
        }
        count += 1
    }

    private func wrongType(_ cursor: JSONCursor) -> ScoringFault {
        cursor.complaint { "Tensor \"\(name)\", element \(count): \($0) is not \(tensor.type.wanted)." }
    }

    @inline(__always)
    private func real(_ cursor: inout JSONCursor) throws(ScoringFault) -> Double {
        let byte = cursor.peek()
        if byte == UInt8(ascii: "n"), cursor.takeWord("null") { return .nan }
        guard byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") || byte == 0x4E || byte == 0x49 else {
            throw wrongType(cursor)
        }
        return try cursor.number(orSpecial: ()).value
    }

    private func whole<Integer: FixedWidthInteger>(_ cursor: inout JSONCursor) throws(ScoringFault) -> Integer {
        let start = cursor, byte = cursor.peek()
        guard byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") else { throw wrongType(cursor) }
        guard let value = try cursor.number().whole, let exact = Integer(exactly: value) else { throw wrongType(start) }
        return exact
    }

    private func truth(_ cursor: inout JSONCursor) throws(ScoringFault) -> UInt8 {
        _ = cursor.peek()
        if cursor.takeWord("true") || cursor.takeWord("1") { return 1 }
        if cursor.takeWord("false") || cursor.takeWord("0") { return 0 }
        throw wrongType(cursor)
    }

    private mutating func readText(_ cursor: inout JSONCursor) throws(ScoringFault) {
        guard cursor.peek() == UInt8(ascii: "\"") else { throw wrongType(cursor) }
        let (bytes, hasEscapes) = try cursor.string()
        guard hasEscapes else { return tensor.setText(bytes, at: count) }
        try unescaping.resolve(bytes).withUnsafeBufferPointer { tensor.setText($0, at: count) }
    }
}

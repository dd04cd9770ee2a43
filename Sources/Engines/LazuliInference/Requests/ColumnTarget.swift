/// Where the values of one column go, and what they may be.
struct ColumnTarget {
    /// What the signature promises to take.
    let declared: ElementType
    /// What the model's tensor holds.
    let stored: ElementType
    let isRequired: Bool
    /// Elements from one row's value to the next one's.
    let stride: Int
    /// The column's place in a row.
    let offset: Int
    unowned(unsafe) let tensor: Tensor
    /// Numbers that stand for texts, where the model takes numbers and clients send texts.
    let categories: CategoryTable?
    /// Dates and times arrive as texts.
    let isMoment: Bool
    /// The model knows what to make of a missing value.
    let takesMissing: Bool
    /// The tensor's memory, as long as it does not grow.
    var memory: UnsafeMutableRawPointer

    @inline(__always)
    func place(_ row: Int) -> Int { row &* stride &+ offset }

    /// Stores a number; whole numbers were checked to be some.
    @inline(__always)
    func store(_ value: Double, whole: Int64, row: Int) -> Bool {
        let index = place(row)
        switch stored {
        case .float32: memory.storeBytes(of: Float(value), toByteOffset: index &* 4, as: Float.self)
        case .float64:
            let rounded = declared == .float32 ? Double(Float(value)) : value
            memory.storeBytes(of: rounded, toByteOffset: index &* 8, as: Double.self)
        case .int64: memory.storeBytes(of: whole, toByteOffset: index &* 8, as: Int64.self)
        case .int32: return storeExactly(whole, Int32.self, index)
        case .int16: return storeExactly(whole, Int16.self, index)
        case .int8: return storeExactly(whole, Int8.self, index)
        case .uint8: return storeExactly(whole, UInt8.self, index)
        case .uint16: return storeExactly(whole, UInt16.self, index)
        case .uint32: return storeExactly(whole, UInt32.self, index)
        case .uint64: return storeExactly(whole, UInt64.self, index)
        case .bool: memory.storeBytes(of: whole != 0 ? 1 : 0, toByteOffset: index, as: UInt8.self)
        case .string: return false
        }
        return true
    }

    private func storeExactly<Integer: FixedWidthInteger>(_ whole: Int64, _ type: Integer.Type, _ index: Int) -> Bool {
        guard let value = Integer(exactly: whole) else { return false }
        memory.storeBytes(of: value, toByteOffset: index * MemoryLayout<Integer>.size, as: Integer.self)
        return true
    }

    /// Stores that there is no value: NaN, an empty text; 0 where a whole number must stand.
    func storeMissing(row: Int) {
        if stored == .string {
            tensor.setText(UnsafeBufferPointer(start: nil, count: 0), at: place(row))
        } else {
            _ = store(.nan, whole: 0, row: row)
        }
    }

    /// Whether null has a meaning here: NaN for real numbers, nothing for what may be left out.
    var takesNull: Bool { !isRequired || declared.isFloatingPoint || categories != nil || takesMissing }

    /// Stores a truth; where the model takes texts, as one.
    func store(_ truth: Bool, row: Int) {
        guard stored == .string else { return _ = store(truth ? 1 : 0, whole: truth ? 1 : 0, row: row) }
        let word: StaticString = truth ? "true" : "false"
        tensor.setText(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount), at: place(row))
    }
}

/// The numbers that stand for texts, as pandas numbered its categories when the model was trained.
final class CategoryTable {
    private let texts: TextTable

    init(_ categories: [String]) { texts = TextTable(categories) }

    /// NaN for a text that was not there in training, which models treat as missing.
    func code(of text: UnsafeBufferPointer<UInt8>) -> Double { texts.find(text).map(Double.init) ?? .nan }
}

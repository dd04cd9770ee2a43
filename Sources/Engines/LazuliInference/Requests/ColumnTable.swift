import LazuliTabular

/// The columns of a model and the tensors they fill, row after row.
final class ColumnTable {
    let columns: [ModelSignature.Column]
    /// How many columns, the first ones, the model reads; the others are passed over.
    let readCount: Int
    let tensors: [Tensor]
    private let specs: [TensorSpec]
    private let targets: UnsafeMutablePointer<ColumnTarget>
    private let names: TextTable
    private var rowsReserved = 0
    /// The row, plus one, in which each column last got a value.
    private let lastFilled: UnsafeMutablePointer<Int>
    private var unescaping = TextUnescaping()

    /// - Parameters:
    ///   - layout: the tensor of each column, and its place in a row.
    ///   - ignored: names of columns that clients may send and nobody reads.
    ///   - takesMissing: whether null means a missing value in every column.
    init(
        columns: [ModelSignature.Column], specs: [TensorSpec], tensors: [Tensor], layout: [(tensor: Int, offset: Int)],
        categories: [Int: CategoryTable], ignored: [String] = [], takesMissing: Bool = false
    ) {
        readCount = columns.count
        let others = ignored.filter { name in !columns.contains { $0.name == name } }
        self.columns =
            columns + others.map { ModelSignature.Column(name: $0, type: .string, isRequired: false) }
        self.tensors = tensors
        self.specs = specs
        names = TextTable(self.columns.map(\.name))
        targets = .allocate(capacity: max(columns.count, 1))
        lastFilled = .allocate(capacity: max(columns.count, 1))
        lastFilled.initialize(repeating: 0, count: max(columns.count, 1))
        for (index, column) in columns.enumerated() {
            let tensor = tensors[layout[index].tensor]
            (targets + index).initialize(
                to: ColumnTarget(
                    declared: column.type, stored: tensor.type, isRequired: column.isRequired,
                    stride: specs[layout[index].tensor].rowWidth ?? 1, offset: layout[index].offset, tensor: tensor,
                    categories: categories[index], isMoment: column.isMoment,
                    takesMissing: takesMissing, memory: tensor.memory))
        }
    }

    deinit {
        targets.deinitialize(count: readCount)
        targets.deallocate()
        lastFilled.deallocate()
    }

    /// Of all columns, those that are passed over included.
    var count: Int { columns.count }

    /// Whether a list of columns names all that the model reads.
    func isWhole(_ order: [Int]) -> Bool {
        order.count >= readCount && (order.lazy.filter { $0 < self.readCount }.count == readCount)
    }

    /// Makes all tensors as long as the rows that were read.
    func finish(rows: Int) {
        for (tensor, spec) in zip(tensors, specs) {
            tensor.shape = [rows] + spec.shape.dropFirst().map { abs($0) }
        }
    }

    /// Forgets all rows.
    func removeAll() {
        for tensor in tensors where tensor.type == .string { tensor.removeTexts() }
        for index in 0..<readCount { lastFilled[index] = 0 }
    }

    @inline(__always)
    func reserve(row: Int) {
        if row >= rowsReserved { grow(row) }
    }

    private func grow(_ row: Int) {
        rowsReserved = max(16, 2 * row)
        for (tensor, spec) in zip(tensors, specs) { tensor.reserve(rowsReserved * (spec.rowWidth ?? 1)) }
        for index in 0..<readCount { targets[index].memory = targets[index].tensor.memory }
    }

    /// The column of that name. Clients send the columns in the model's order nearly always: `likely` is tried first.
    @inline(__always)
    func find(_ name: UnsafeBufferPointer<UInt8>, likely: Int) -> Int? {
        if likely < count, names.isEqual(likely, name) { return likely }
        return names.find(name)
    }

    /// Reads a key and finds its column.
    @inline(__always)
    func column(_ cursor: inout JSONCursor, likely: Int) throws(ScoringFault) -> Int {
        let (name, hasEscapes) = try cursor.string()
        if !hasEscapes, let found = find(name, likely: likely) { return found }
        let resolved = hasEscapes ? try unescaping.resolve(name) : Array(name)
        if let found = resolved.withUnsafeBufferPointer({ find($0, likely: likely) }) { return found }
        throw unknown(String(decoding: resolved, as: UTF8.self))
    }

    func unknown(_ name: String) -> ScoringFault {
        ScoringFault(
            "The model has no column \"\(name)\". Its columns are: "
                + "\(columns.prefix(readCount).map(\.name).joined(separator: ", ")).")
    }

    func missing(_ column: Int, row: Int?) -> ScoringFault {
        let place = row.map { "Row \($0) lacks" } ?? "The request lacks"
        return ScoringFault(
            "\(place) the column \"\(columns[column].name)\" (\(columns[column].typeName)), which the model requires."
        )
    }
}

extension ColumnTable {
    /// Reads one value into a column. `row` counts from the tensor's beginning, `first` is the request's first row.
    @inline(__always)
    func read(_ cursor: inout JSONCursor, column: Int, row: Int, first: Int) throws(ScoringFault) {
        guard column < readCount else { return try cursor.skip() }
        lastFilled[column] = row &+ 1
        let target = targets + column
        let byte = cursor.peek()
        if byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") {
            try readNumber(&cursor, target, column, row, first)
        } else if byte == UInt8(ascii: "\"") {
            try readText(&cursor, target, column, row, first)
        } else {
            try readWord(&cursor, target, column, row, first)
        }
    }

    @inline(__always)
    private func readNumber(
        _ cursor: inout JSONCursor, _ target: UnsafeMutablePointer<ColumnTarget>, _ column: Int, _ row: Int,
        _ first: Int
    ) throws(ScoringFault) {
        let start = cursor
        let number = try cursor.number(orSpecial: ())
        switch target.pointee.declared {
        case .float64, .float32:
            if target.pointee.store(number.value, whole: number.integer ?? 0, row: row) { return }
        case .string, .bool: break
        default:
            if let whole = number.whole, target.pointee.store(Double(whole), whole: whole, row: row) { return }
        }
        throw wrongType(start, column, row - first)
    }

    @inline(__always)
    private func readText(
        _ cursor: inout JSONCursor, _ target: UnsafeMutablePointer<ColumnTarget>, _ column: Int, _ row: Int,
        _ first: Int
    ) throws(ScoringFault) {
        let start = cursor
        let (bytes, hasEscapes) = try cursor.string()
        guard
            target.pointee.declared == .string || (target.pointee.declared == .bool && target.pointee.stored == .string)
        else {
            guard target.pointee.isMoment, let moment = MomentText.seconds(bytes) else {
                throw wrongType(start, column, row - first)
            }
            return _ = target.pointee.store(moment, whole: 0, row: row)
        }
        if hasEscapes {
            let resolved = try unescaping.resolve(bytes)
            resolved.withUnsafeBufferPointer { store($0, target, row) }
        } else {
            store(bytes, target, row)
        }
    }

    @inline(__always)
    private func store(_ text: UnsafeBufferPointer<UInt8>, _ target: UnsafeMutablePointer<ColumnTarget>, _ row: Int) {
        if let categories = target.pointee.categories {
            _ = target.pointee.store(categories.code(of: text), whole: 0, row: row)
        } else {
            target.pointee.tensor.setText(text, at: target.pointee.place(row))
        }
    }

    private func readWord(
        _ cursor: inout JSONCursor, _ target: UnsafeMutablePointer<ColumnTarget>, _ column: Int, _ row: Int,
        _ first: Int
    ) throws(ScoringFault) {
        let start = cursor
        if cursor.takeWord("null") {
            guard target.pointee.takesNull else { throw wrongType(start, column, row - first) }
            return target.pointee.storeMissing(row: row)
        }
        if target.pointee.declared == .bool {
            if cursor.takeWord("true") { return target.pointee.store(true, row: row) }
            if cursor.takeWord("false") { return target.pointee.store(false, row: row) }
        }
        if target.pointee.declared.isFloatingPoint, cursor.peek() == 0x4E || cursor.peek() == 0x49 {
            let value = try cursor.number(orSpecial: ()).value
            return _ = target.pointee.store(value, whole: 0, row: row)
        }
        throw wrongType(start, column, row - first)
    }

    private func wrongType(_ start: JSONCursor, _ column: Int, _ row: Int) -> ScoringFault {
        var copy = start
        if (try? copy.skip()) == nil { return start.malformed("unexpected text where a value should stand") }
        let field = columns[column]
        return ScoringFault(
            "Row \(row), column \"\(field.name)\": \(start.excerpt()) is not \(field.isMoment ? "a date and time (datetime)" : field.type.wanted), which the model takes there."
        )
    }

    /// Looks after a record whether each column got its value; the optional ones that did not are missing.
    @inline(__always)
    func completeRow(_ row: Int, first: Int) throws(ScoringFault) {
        for column in 0..<readCount where lastFilled[column] != row &+ 1 {
            guard !columns[column].isRequired else { throw missing(column, row: row - first) }
            targets[column].storeMissing(row: row)
        }
    }

    /// Says that a column has no values in these rows.
    func leaveOut(_ column: Int, rows: Range<Int>) throws(ScoringFault) {
        guard !columns[column].isRequired else { throw missing(column, row: nil) }
        guard column < readCount else { return }
        for row in rows { targets[column].storeMissing(row: row) }
    }
}

extension ElementType {
    /// What a value of this type is called in a sentence.
    var wanted: String {
        switch self {
        case .string: "a text (string)"
        case .bool: "true or false (boolean)"
        case .float32, .float64: "a number (\(columnName))"
        default: "a whole number of its range (\(columnName))"
        }
    }
}

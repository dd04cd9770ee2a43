/// Gathers JSON objects as the rows of a table.
struct JSONRows {
    private(set) var count = 0
    var notes: [TableNote] = []
    private var columns: [JSONColumn] = []
    private var places: [String: Int] = [:]
    /// The row that is being read: it counts only once it is whole.
    private var members: [Member] = []
    /// The values lie in the files.
    private var files: [FileBytes] = []

    private struct Member {
        var column: Int
        var value: JSONValue
    }

    mutating func keep(_ bytes: FileBytes) { files.append(bytes) }

    /// Reads an object; false if there is none.
    mutating func append(_ scan: inout JSONRowScan) -> Bool {
        members.removeAll(keepingCapacity: true)
        let bytes = scan.bytes
        return scan.members { name, kind, slice in
            guard let value = JSONValue(kind, slice, bytes) else { return false }
            let column = column(UnsafeBufferPointer(start: bytes + name.start, count: name.length), name.hasEscapes)
            // Of a name that comes twice the last value counts.
            if columns[column].lastRow == count, let earlier = members.firstIndex(where: { $0.column == column }) {
                members[earlier].value = value
            } else {
                columns[column].lastRow = count
                members.append(Member(column: column, value: value))
            }
            return true
        }
    }

    mutating func commit() {
        for member in members { columns[member.column].append(member.value, row: count) }
        count += 1
    }

    /// Rows mostly have their members in the same order: the column is the one after that of the member before.
    private mutating func column(_ name: UnsafeBufferPointer<UInt8>, _ hasEscapes: Bool) -> Int {
        let likely = (members.last?.column ?? -1) + 1
        if !hasEscapes, likely < columns.count, columns[likely].rawName.elementsEqual(name) { return likely }
        let plain = hasEscapes ? JSONEscapes.removed(name) ?? Array(name) : Array(name)
        let text = String(decoding: plain, as: UTF8.self)
        if let place = places[text] { return place }
        places[text] = columns.count
        columns.append(JSONColumn(name: text))
        return columns.count - 1
    }

    /// To be called once.
    mutating func table() -> ReadTable {
        var table = Table(columns: [], rowCount: count)
        for place in columns.indices {
            // A name that only an invalid row had is no column.
            guard columns[place].hasRows else { continue }
            let (column, note) = columns[place].column(rowCount: count)
            table.columns.append(column)
            if let note { notes.append(TableNote(column: column.name, note)) }
        }
        return ReadTable(table: table, notes: notes)
    }
}

/// A value that is ready to be taken.
enum JSONValue {
    case null
    case number(Double, isWhole: Bool, text: UnsafeBufferPointer<UInt8>)
    /// A text, truth, list or object, where it stands in the file.
    case label(UnsafeBufferPointer<UInt8>, isText: Bool)
    case unescaped([UInt8])

    /// Nil if it is no value.
    init?(_ kind: JSONRowScan.Kind, _ slice: JSONRowScan.Slice, _ bytes: UnsafePointer<UInt8>) {
        let text = UnsafeBufferPointer(start: bytes + slice.start, count: slice.length)
        switch kind {
        case .null: self = .null
        case .number:
            guard case .number(let value, let isWhole) = NumberField(text) else { return nil }
            self = .number(value, isWhole: isWhole, text: text)
        case .truth, .nested: self = .label(text, isText: false)
        case .text where slice.hasEscapes:
            guard let plain = JSONEscapes.removed(text) else { return nil }
            self = .unescaped(plain)
        case .text: self = .label(text, isText: true)
        }
    }
}

/// The values of one name: numbers as long as all are, then labels.
private struct JSONColumn {
    let name: String
    let rawName: [UInt8]
    /// The row in which the name came last.
    var lastRow = -1
    private(set) var hasRows = false
    private var numbers: [Double] = []
    private var codes: [Int32] = []
    private var interner: LabelInterner?
    private var numberCount = 0
    private var hasFractions = false
    private var hasTexts = false

    init(name: String) {
        self.name = name
        rawName = Array(name.utf8)
    }

    mutating func append(_ value: JSONValue, row: Int) {
        hasRows = true
        fill(to: row)
        switch value {
        case .null: fill(to: row + 1)
        case .number(let number, let isWhole, let text):
            numberCount += 1
            if !isWhole { hasFractions = true }
            if let start = text.baseAddress, let code = interner?.number(start, text.count) {
                codes.append(code)
            } else {
                numbers.append(number)
            }
        case .label(let text, let isText):
            becomeLabels()
            if isText { hasTexts = true }
            codes.append(text.baseAddress.flatMap { interner?.number($0, text.count) } ?? -1)
        case .unescaped(let bytes):
            becomeLabels()
            hasTexts = true
            codes.append(bytes.withUnsafeBufferPointer { interner?.number(copying: $0) } ?? -1)
        }
    }

    /// Missing values up to this row.
    private mutating func fill(to row: Int) {
        if interner == nil {
            while numbers.count < row { numbers.append(.nan) }
        } else {
            while codes.count < row { codes.append(-1) }
        }
    }

    private mutating func becomeLabels() {
        guard interner == nil else { return }
        var interner = LabelInterner()
        codes = numbers.map { number in
            if number.isNaN { return -1 }
            let text = Int64(exactly: number).map { "\($0)" } ?? "\(number)"
            return Array(text.utf8).withUnsafeBufferPointer { interner.number(copying: $0) }
        }
        numbers = []
        self.interner = interner
    }

    mutating func column(rowCount: Int) -> (Column, note: String?) {
        fill(to: rowCount)
        guard let interner else {
            let kind: ColumnKind = numberCount == 0 ? .empty : hasFractions ? .real : .integer
            return (Column(name: name, kind: kind, values: .numbers(numbers)), nil)
        }
        let raw = RawLabels(codes: codes, interner: interner)
        defer { raw.deallocate() }
        let (kind, values, note) = LabelInference(labels: raw, pieces: [], infersKinds: true).inferred()
        // Texts of digits are texts in JSON: nothing to remark.
        return (Column(name: name, kind: kind, values: values), numberCount > 0 || !hasTexts ? note : nil)
    }
}

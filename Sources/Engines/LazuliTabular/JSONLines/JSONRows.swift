import LazuliResources

/// Gathers JSON objects as the rows of a table.
struct JSONRows {
    private(set) var count = 0
    var notes: [TableNote] = []
    private var columns: [JSONColumn] = []
    private var places: [String: Int] = [:]

    mutating func append(_ object: JSONObject) {
        for (name, value) in object.pairs {
            let place = places[name] ?? columns.count
            if place == columns.count {
                places[name] = place
                columns.append(JSONColumn(name: name))
            }
            columns[place].append(value, row: count)
        }
        count += 1
    }

    mutating func table() -> ReadTable {
        var table = Table(columns: [], rowCount: count)
        for place in columns.indices {
            let (column, note) = columns[place].column(rowCount: count)
            table.columns.append(column)
            if let note { notes.append(TableNote(column: column.name, note)) }
        }
        return ReadTable(table: table, notes: notes)
    }
}

/// The values of one name: numbers as long as all are, then texts.
private struct JSONColumn {
    let name: String
    private var numbers: [Double] = []
    /// Per row the text, once there is a value that is no number.
    private var labels: LabelBuilder?
    private var hasFractions = false
    private var hasTexts = false
    private var numberCount = 0

    init(name: String) { self.name = name }

    mutating func append(_ value: JSON, row: Int) {
        fill(to: row)
        switch value {
        case .null: numbers.append(.nan)
        case .integer(let integer): add(Double(integer), "\(integer)")
        case .number(let number):
            hasFractions = true
            add(number, value.scalarText ?? "")
        default:
            becomeLabels()
            if case .string = value { hasTexts = true }
            numbers.append(.nan)
            labels?.append(value.string ?? value.scalarText ?? value.text)
            return
        }
        if value.isNull { labels?.append(nil) }
    }

    private mutating func add(_ number: Double, _ text: @autoclosure () -> String) {
        numbers.append(number)
        numberCount += 1
        if labels != nil { labels?.append(text()) }
    }

    private mutating func fill(to row: Int) {
        while numbers.count < row {
            numbers.append(.nan)
            labels?.append(nil)
        }
    }

    private mutating func becomeLabels() {
        guard labels == nil else { return }
        var labels = LabelBuilder()
        for number in numbers {
            labels.append(number.isNaN ? nil : Int64(exactly: number).map { "\($0)" } ?? "\(number)")
        }
        self.labels = labels
    }

    mutating func column(rowCount: Int) -> (Column, note: String?) {
        fill(to: rowCount)
        guard let labels else {
            let kind: ColumnKind = numberCount == 0 ? .empty : hasFractions ? .real : .integer
            return (Column(name: name, kind: kind, values: .numbers(numbers)), nil)
        }
        let raw = RawLabels(labels.values)
        defer { raw.deallocate() }
        let (kind, values, note) = LabelInference(labels: raw, pieces: [], infersKinds: true).inferred()
        // Texts of digits are texts in JSON: nothing to remark.
        return (Column(name: name, kind: kind, values: values), numberCount > 0 || !hasTexts ? note : nil)
    }
}

import LazuliResources

/// Carries out the steps of an MLTable file, one after the other.
struct StepWork {
    private(set) var read: ReadTable
    let paths: [String]
    /// Per row the place of its file.
    private(set) var fileOfRow: [Int32]

    init(read: ReadTable, paths: [String], fileOfRow: [Int32]) {
        self.read = read
        self.paths = paths
        self.fileOfRow = fileOfRow
    }

    mutating func apply(_ step: TableStep) throws(TableFault) {
        switch step {
        case .keepColumns(let names):
            for name in names { _ = try place(of: name, "keep_columns") }
            read.table = read.table.selecting(names)
        case .dropColumns(let names): try drop(names)
        case .convert(let conversions): for conversion in conversions { try convert(conversion) }
        case .skip(let count): keep(Array(min(count, read.table.rowCount)..<read.table.rowCount))
        case .take(let count): keep(Array(0..<min(count, read.table.rowCount)))
        case .takeRandomSample(let probability, let seed): keep(sample(probability, seed))
        case .filter(let filter): keep(try filter.rows(of: read.table))
        case .extractColumns(let format):
            let columns = try format.columns(paths: paths, fileOfRow: fileOfRow)
            for column in columns where read.table.column(column.name) != nil {
                throw TableFault(
                    "The partition format names \"\(column.name)\", and the files have a column of that name too.")
            }
            read.table.columns = columns + read.table.columns
        }
    }

    private mutating func keep(_ rows: [Int]) {
        guard rows.count < read.table.rowCount else { return }
        read.table = read.table.rows(rows)
        fileOfRow = rows.map { fileOfRow[$0] }
    }

    private mutating func drop(_ names: [String]) throws(TableFault) {
        for name in names { _ = try place(of: name, "drop_columns") }
        read.table.columns.removeAll { names.contains($0.name) }
    }

    private mutating func convert(_ conversion: ColumnConversion) throws(TableFault) {
        for name in conversion.columns {
            let place = try place(of: name, "convert_column_types")
            let (column, note) = try conversion.converted(read.table.columns[place])
            read.table.columns[place] = column
            if let note { read.notes.append(note) }
        }
    }

    private func place(of name: String, _ step: String) throws(TableFault) -> Int {
        if let place = read.table.columns.firstIndex(where: { $0.name == name }) { return place }
        let names = read.table.columns.map(\.name)
        throw TableFault(
            "\(step) names the column \"\(name)\", which is not there.\(NearestName.hint(name, among: names)) There are: "
                + "\(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? "…" : "").")
    }

    /// The same rows for the same seed.
    private func sample(_ probability: Double, _ seed: UInt64) -> [Int] {
        var state = seed
        return (0..<read.table.rowCount).filter { _ in
            // SplitMix64, by G. Steele, D. Lea and C. Flood.
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return Double((value ^ value >> 31) >> 11) * 0x1p-53 < probability
        }
    }
}

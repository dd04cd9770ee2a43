@testable import LazuliTabular

/// Reads a text as a CSV file of the name `t.csv`.
func read(_ text: String, _ options: CSVOptions = .default) throws(TableFault) -> ReadTable {
    try CSVReader(options).read(bytes: Array(text.utf8), named: "t.csv")
}

func readFault(_ text: String, _ options: CSVOptions = .default) -> TableFault? {
    do {
        _ = try read(text, options)
        return nil
    } catch {
        return error
    }
}

extension CSVOptions {
    static func with(_ change: (inout CSVOptions) -> Void) -> CSVOptions {
        var options = CSVOptions()
        change(&options)
        return options
    }
}

extension Table {
    /// The values of a column as a person would write them.
    func texts(_ name: String) -> [String?] {
        column(name).map { column in (0..<rowCount).map(column.text) } ?? []
    }

    var kinds: [ColumnKind] { columns.map(\.kind) }
    var names: [String] { columns.map(\.name) }
}

extension Column {
    var numbers: [Double] {
        switch values {
        case .numbers(let numbers), .times(let numbers): numbers
        case .labels: []
        }
    }
}

/// Numbers that look random and are the same each time: SplitMix64.
struct FixedRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

package import LazuliTabular

extension Table {
    /// The rows of another table with the same columns, below those of this one.
    /// - Parameter name: what to call the other table in a fault.
    package func appending(_ other: Table, named name: String) throws(LearningFault) -> Table {
        var joined: [Column] = []
        for column in columns {
            guard let more = other.column(column.name) else {
                throw LearningFault("The column \"\(column.name)\" of the training data is missing in \(name).")
            }
            guard let values = column.values.appending(more.values) else {
                throw LearningFault(
                    "The column \"\(column.name)\" is \(column.kind.rawValue) in the training data and "
                        + "\(more.kind.rawValue) in \(name).")
            }
            joined.append(Column(name: column.name, kind: column.kind, values: values))
        }
        return Table(columns: joined, rowCount: rowCount + other.rowCount)
    }

    /// Splits some rows off, evenly spread over a shuffled order.
    package func split(share: Double, seed: UInt64) -> (rest: Table, part: Table) {
        var random = RandomNumbers(seed: seed ^ 0x5465_7374)
        let order = (0..<rowCount).shuffled(using: &random)
        let count = Int((Double(rowCount) * share).rounded())
        return (rows(order[count...].sorted()), rows(order[..<count].sorted()))
    }
}

extension ColumnValues {
    private var isAllMissing: Bool {
        switch self {
        case .numbers(let values), .times(let values): values.allSatisfy(\.isNaN)
        case .labels(let labels): labels.codes.allSatisfy { $0 < 0 }
        }
    }

    private var count: Int {
        switch self {
        case .numbers(let values), .times(let values): values.count
        case .labels(let labels): labels.codes.count
        }
    }

    /// - Returns: nil when the values are of different kinds.
    fileprivate func appending(_ other: ColumnValues) -> ColumnValues? {
        switch (self, other) {
        case (.numbers(let first), .numbers(let second)): return .numbers(first + second)
        case (.times(let first), .times(let second)): return .times(first + second)
        case (.labels(let first), .labels(let second)):
            var texts = first.texts
            var places = Dictionary(uniqueKeysWithValues: zip(texts, texts.indices.map(Int32.init)))
            let moved = second.texts.map { text in
                if let place = places[text] { return place }
                places[text] = Int32(texts.count)
                texts.append(text)
                return Int32(texts.count - 1)
            }
            return .labels(
                LabelValues(codes: first.codes + second.codes.map { $0 < 0 ? -1 : moved[Int($0)] }, texts: texts))
        case (.labels(let first), let missing) where missing.isAllMissing:
            return .labels(
                LabelValues(
                    codes: first.codes + Array(repeating: -1, count: missing.count), texts: first.texts))
        case (.times(let first), let missing) where missing.isAllMissing:
            return .times(first + Array(repeating: .nan, count: missing.count))
        case (.numbers(let first), let missing) where missing.isAllMissing:
            return .numbers(first + Array(repeating: .nan, count: missing.count))
        default: return nil
        }
    }
}

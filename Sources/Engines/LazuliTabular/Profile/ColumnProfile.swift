package import LazuliResources

/// What the values of a column are like, for a person who looks at a table.
package struct ColumnProfile: Sendable, Equatable {
    package var name: String
    package var kind: ColumnKind
    package var rowCount: Int
    package var missing: Int
    /// How many different values there are, the missing ones aside.
    package var unique: Int
    /// For numbers and points in time; nil if all values are missing.
    package var numbers: NumberProfile?
    /// For labels, and for numbers of few different values: the most frequent values, the most frequent first.
    package var top: [ValueCount]

    package struct ValueCount: Sendable, Equatable {
        package var value: String
        package var count: Int
    }
}

/// Figures of finite numbers. Points in time are in seconds since 1970-01-01 UTC.
package struct NumberProfile: Sendable, Equatable {
    package var min: Double
    package var max: Double
    package var mean: Double
    /// Of a sample: by one less than the number of values; nil for a single value.
    package var standardDeviation: Double?
    /// Between two values, the straight line between them, as NumPy does it.
    package var quantiles: [Quantile]
    package var histogram: [Bin]
    /// Values that are infinite; the other figures leave them out.
    package var infinite: Int

    package struct Quantile: Sendable, Equatable {
        package var share: Double
        package var value: Double
    }

    /// Values from `from` up to, but not including, `to`; the last bin includes it.
    package struct Bin: Sendable, Equatable {
        package var from: Double
        package var to: Double
        package var count: Int
    }
}

// MARK: - Making profiles

extension Table {
    /// A profile per column.
    package func profiles() -> [ColumnProfile] { Parallel.map(count: columns.count) { ColumnProfile(columns[$0]) } }
}

extension ColumnProfile {
    private static let mostTopValues = 10

    package init(_ column: Column) {
        name = column.name
        kind = column.kind
        rowCount = column.rowCount
        missing = column.missingCount
        switch column.values {
        case .numbers(let values), .times(let values):
            let sorted = values.filter { !$0.isNaN }.sorted()
            let runs = Self.runs(sorted)
            unique = runs.count
            numbers = NumberProfile(sorted: sorted, distinct: runs.count, isWhole: column.kind == .integer)
            top =
                runs.count > Self.mostTopValues
                ? []
                : Self.top(runs.map { ($0.value, $0.count) }) { value in
                    Column(name: "", kind: column.kind, values: column.values.like([value])).text(0) ?? ""
                }
        case .labels(let labels):
            var counts = [Int](repeating: 0, count: labels.texts.count)
            for code in labels.codes where code >= 0 { counts[Int(code)] += 1 }
            let used = counts.indices.filter { counts[$0] > 0 }
            unique = used.count
            numbers = nil
            top = Self.top(used.map { ($0, counts[$0]) }) { labels.texts[$0] }
        }
    }

    private static func top<Value>(_ counts: [(value: Value, count: Int)], _ text: (Value) -> String) -> [ValueCount] {
        // Equal counts stay in the order in which the values came.
        let order = counts.indices.sorted { (counts[$1].count, $0) < (counts[$0].count, $1) }
        return order.prefix(mostTopValues).map { ValueCount(value: text(counts[$0].value), count: counts[$0].count) }
    }

    private static func runs(_ sorted: [Double]) -> [(value: Double, count: Int)] {
        var runs: [(value: Double, count: Int)] = []
        for value in sorted {
            if let last = runs.last, last.value == value {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((value, 1))
            }
        }
        return runs
    }
}

extension ColumnValues {
    /// Numbers or times, as these are.
    fileprivate func like(_ values: [Double]) -> ColumnValues {
        if case .times = self { return .times(values) }
        return .numbers(values)
    }
}

extension NumberProfile {
    private static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    private static let mostBins = 20

    /// Nil if no value is finite.
    init?(sorted all: [Double], distinct: Int, isWhole: Bool) {
        let sorted = all.filter(\.isFinite)
        guard let first = sorted.first, let last = sorted.last else { return nil }
        (min, max, infinite) = (first, last, all.count - sorted.count)
        let count = Double(sorted.count)
        // Around the middle, so that large values lose nothing.
        let middle = sorted[sorted.count / 2]
        let mean = middle + sorted.reduce(0) { $0 + ($1 - middle) / count }
        self.mean = mean
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardDeviation = sorted.count > 1 ? (squares / (count - 1)).squareRoot() : nil
        quantiles = Self.shares.map { Quantile(share: $0, value: Self.quantile(sorted, $0)) }
        histogram = Self.bins(sorted, distinct: distinct, isWhole: isWhole)
    }

    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1), below = Int(place)
        let next = sorted[Swift.min(below + 1, sorted.count - 1)]
        return sorted[below] + (next - sorted[below]) * (place - Double(below))
    }

    /// Bins of equal width. Whole numbers get whole bins: one per number where there are few.
    private static func bins(_ sorted: [Double], distinct: Int, isWhole: Bool) -> [Bin] {
        let (low, high) = (sorted[0], sorted[sorted.count - 1])
        guard low < high else { return [Bin(from: low, to: high, count: sorted.count)] }
        var width = high / Double(mostBins) - low / Double(mostBins), count = mostBins
        if isWhole {
            width = Swift.max(1, ((high - low + 1) / Double(mostBins)).rounded(.up))
            count = Int(((high - low + 1) / width).rounded(.up))
        }
        var bins = (0..<count).map { Bin(from: low + Double($0) * width, to: low + Double($0 + 1) * width, count: 0) }
        if !isWhole { bins[count - 1].to = high }
        var bin = 0
        for value in sorted {
            while bin < count - 1, value >= bins[bin].to { bin += 1 }
            bins[bin].count += 1
        }
        return bins
    }
}

// MARK: - As JSON

extension ColumnProfile {
    /// As the studio shows it; points in time as ISO 8601 texts.
    package var json: JSON {
        let isTime = kind == .dateTime
        func value(_ number: Double) -> JSON {
            if isTime { return .string(DateTimeWriting.text(number)) }
            return kind == .integer ? Int64(exactly: number).map(JSON.integer) ?? .number(number) : .number(number)
        }
        return .object(dropping: [
            ("name", .string(name)), ("kind", .string(kind.rawValue)), ("count", JSON(rowCount)),
            ("missing", JSON(missing)),
            ("unique", JSON(unique)), ("min", numbers.map { value($0.min) }), ("max", numbers.map { value($0.max) }),
            ("mean", numbers.map { isTime ? value($0.mean) : .number($0.mean) }),
            ("standardDeviation", numbers.flatMap(\.standardDeviation).map(JSON.number)),
            ("infinite", numbers.flatMap { $0.infinite > 0 ? JSON($0.infinite) : nil }),
            (
                "quantiles",
                numbers.map { profile in
                    .array(
                        profile.quantiles.map {
                            ["share": .number($0.share), "value": isTime ? value($0.value) : .number($0.value)]
                        })
                }
            ),
            (
                "histogram",
                numbers.map { profile in
                    .array(
                        profile.histogram.map { ["from": value($0.from), "to": value($0.to), "count": JSON($0.count)] })
                }
            ),
            ("top", top.isEmpty ? nil : .array(top.map { ["value": .string($0.value), "count": JSON($0.count)] })),
        ])
    }
}

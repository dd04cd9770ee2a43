/// Features made ready for products with vectors: columns that are mostly 0, as one-hot ones are, without their zeros.
struct LinearColumns {
    let rowCount: Int
    let columnCount: Int
    private let values: [Float]
    /// Per column its entries in `rows` and `entries`; nil for a dense column.
    private var sparse: [Range<Int>?] = []
    private var rows: [UInt32] = []
    private var entries: [Float] = []

    init(_ features: FeatureMatrix) {
        rowCount = features.rowCount
        columnCount = features.columnCount
        values = features.values
        sparse.reserveCapacity(columnCount)
        for column in 0..<columnCount { sparse.append(gather(column)) }
    }

    /// Notes a column's entries if few are not 0.
    private mutating func gather(_ column: Int) -> Range<Int>? {
        let start = column * rowCount
        return values.withUnsafeBufferPointer { values in
            var filled = 0
            for row in 0..<rowCount where values[start + row] != 0 { filled += 1 }
            guard filled * 5 < rowCount else { return nil }
            let first = rows.count
            for row in 0..<rowCount where values[start + row] != 0 {
                rows.append(UInt32(truncatingIfNeeded: row))
                entries.append(values[start + row])
            }
            return first..<rows.count
        }
    }

    /// The sum over the rows of the column's value times the vector's.
    func dot(_ column: Int, _ vector: UnsafeBufferPointer<Double>) -> Double {
        if let range = sparse[column] {
            return entries.withUnsafeBufferPointer { entries in
                rows.withUnsafeBufferPointer { rows in
                    var sum = 0.0
                    for place in range { sum += Double(entries[place]) * vector[Int(rows[place])] }
                    return sum
                }
            }
        }
        return values.withUnsafeBufferPointer { values in
            let start = column * rowCount
            // Four sums, for the processor need not wait for one before it adds to the next.
            var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
            var row = 0
            while row + 4 <= rowCount {
                first += Double(values[start + row]) * vector[row]
                second += Double(values[start + row + 1]) * vector[row + 1]
                third += Double(values[start + row + 2]) * vector[row + 2]
                fourth += Double(values[start + row + 3]) * vector[row + 3]
                row += 4
            }
            while row < rowCount {
                first += Double(values[start + row]) * vector[row]
                row += 1
            }
            return first + second + third + fourth
        }
    }

    /// Adds so many times the column to the vector.
    func add(_ factor: Double, times column: Int, to vector: UnsafeMutableBufferPointer<Double>) {
        if factor == 0 { return }
        if let range = sparse[column] {
            entries.withUnsafeBufferPointer { entries in
                rows.withUnsafeBufferPointer { rows in
                    for place in range { vector[Int(rows[place])] += factor * Double(entries[place]) }
                }
            }
            return
        }
        values.withUnsafeBufferPointer { values in
            let start = column * rowCount
            for row in 0..<rowCount { vector[row] += factor * Double(values[start + row]) }
        }
    }

    /// The sum over the rows of the column's squared value times the vector's.
    func squaredDot(_ column: Int, _ vector: UnsafeBufferPointer<Double>) -> Double {
        var sum = 0.0
        let start = column * rowCount
        values.withUnsafeBufferPointer { values in
            for row in 0..<rowCount { sum += Double(values[start + row]) * Double(values[start + row]) * vector[row] }
        }
        return sum
    }
}

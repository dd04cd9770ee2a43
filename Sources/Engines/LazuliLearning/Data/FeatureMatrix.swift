/// Rows of single-precision features, kept column by column. A missing value is NaN.
package struct FeatureMatrix: Sendable {
    package let rowCount: Int
    package let columnCount: Int
    /// Column after column, `rowCount` values each.
    package var values: [Float]

    /// - Precondition: `values` holds `rowCount` × `columnCount` numbers.
    package init(rowCount: Int, columnCount: Int, values: [Float]) {
        precondition(values.count == rowCount * columnCount)
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.values = values
    }

    package subscript(row: Int, column: Int) -> Float { values[column * rowCount + row] }

    /// The chosen rows, in the order given.
    package func rows(_ rows: [Int]) -> FeatureMatrix {
        var chosen: [Float] = []
        chosen.reserveCapacity(rows.count * columnCount)
        values.withUnsafeBufferPointer { values in
            for column in 0..<columnCount {
                let start = column * rowCount
                for row in rows { chosen.append(values[start + row]) }
            }
        }
        return FeatureMatrix(rowCount: rows.count, columnCount: columnCount, values: chosen)
    }
}

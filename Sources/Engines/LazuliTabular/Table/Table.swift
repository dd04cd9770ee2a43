/// Named, typed columns of equal length.
package struct Table: Sendable {
    package var columns: [Column]
    package let rowCount: Int

    /// - Precondition: every column has `rowCount` values.
    package init(columns: [Column], rowCount: Int) {
        self.columns = columns
        self.rowCount = rowCount
    }

    package func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

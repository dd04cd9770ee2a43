package import LazuliTabular

/// The table as training needs it: the columns that are used, the target as numbers, no row without a target.
package struct PreparedTable: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package var name: String
        package var kind: InputColumn.Kind
        package var role: ColumnRole
        package var values: Values
    }

    package enum Values: Sendable, Equatable {
        /// Single precision: what the exported graph computes with. A missing value is NaN.
        case numbers([Float])
        /// Seconds since 1970; a missing value is NaN.
        case times([Double])
        case labels(LabelValues)
    }

    package var columns: [Column]
    package var rowCount: Int
    package var task: LearningTask
    /// The number of the class, or the value, shifted and scaled.
    package var targets: [Double]
    package var weights: [Double]?

    package func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

/// What a column is to the models.
package enum ColumnRole: String, Sendable, CaseIterable {
    case number
    case flag
    case category
    case text
    case dateTime
}

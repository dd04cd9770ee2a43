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
        case numbers(SharedArray<Float>)
        /// Seconds since 1970; a missing value is NaN.
        case times(SharedArray<Double>)
        case labels(LabelValues)
    }

    package var columns: [Column]
    package var rowCount: Int
    package var task: LearningTask
    /// The number of the class, or the value, shifted and scaled.
    package var targets: [Double]
    package var weights: [Double]?
    package var rules = FeatureRules()

    package func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

extension PreparedTable {
    /// Whether the columns look like readings of one unit, as the points of a picture or of a spectrum are: numbers, many of
    /// them, most of which span as long a range as the others.
    package var hasCommonUnit: Bool {
        let ranges = columns.compactMap(\.range).sorted()
        guard ranges.count >= Self.manyReadings, ranges.count * 10 >= columns.count * 9,
            let longest = ranges.last
        else { return false }
        return ranges[ranges.count / 2] >= longest / 2
    }

    private static let manyReadings = 30

    /// Whether a column's categories are given to trees by a feature each in one view, and by means in the other.
    package var hasSmallCategories: Bool {
        columns.contains { column in
            guard column.role == .category, case .labels(let labels) = column.values else { return false }
            return (FeatureView.means.oneHot + 1...FeatureView.trees.oneHot).contains(labels.texts.count)
        }
    }
}

extension PreparedTable.Column {
    /// From the least number to the greatest; nil where they are not numbers.
    fileprivate var range: Float? {
        guard role == .number, case .numbers(let values) = values else { return nil }
        var least = Float.infinity, most = -Float.infinity
        for value in values where value.isFinite {
            least = min(least, value)
            most = max(most, value)
        }
        return least <= most ? most - least : nil
    }
}

/// What a column is to the models.
package enum ColumnRole: String, Sendable, CaseIterable {
    case number
    case flag
    case category
    case text
    case dateTime
}

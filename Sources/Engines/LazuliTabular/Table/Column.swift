/// A column: its name, what its values mean, and the values.
package struct Column: Sendable {
    package var name: String
    package var kind: ColumnKind
    package var values: ColumnValues

    package init(name: String, kind: ColumnKind, values: ColumnValues) {
        self.name = name
        self.kind = kind
        self.values = values
    }
}

/// What the values of a column mean. Text differs from a category by having many different values of several words.
package enum ColumnKind: String, Sendable, CaseIterable {
    case integer
    case real
    case boolean
    case category
    case text
    case dateTime
    /// All values are missing.
    case empty
}

/// How a column's values are kept.
package enum ColumnValues: Sendable {
    /// Integers, reals and empty columns; a missing value is NaN.
    case numbers([Double])
    /// Seconds since 1970-01-01 UTC; a missing value is NaN.
    case times([Double])
    /// Booleans, categories and texts.
    case labels(LabelValues)
}

/// Texts that repeat: a number per row into the list of different texts.
package struct LabelValues: Sendable, Equatable {
    /// Per row the place in `texts`, or −1 for a missing value.
    package var codes: [Int32]
    /// The different texts, in the order in which they first appear.
    package var texts: [String]

    package init(codes: [Int32], texts: [String]) {
        self.codes = codes
        self.texts = texts
    }
}

/// A table as it was read, and what a person should know about the reading.
package struct ReadTable: Sendable {
    package var table: Table
    package var notes: [TableNote]

    package init(table: Table, notes: [TableNote] = []) {
        self.table = table
        self.notes = notes
    }
}

/// Something that was read in a way that may surprise.
package struct TableNote: Sendable, Equatable {
    /// The column it is about; nil if it is about the whole table.
    package let column: String?
    /// A whole sentence.
    package let text: String

    package init(column: String? = nil, _ text: String) {
        self.column = column
        self.text = text
    }
}

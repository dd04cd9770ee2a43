/// Turns Parquet files into delimited text, which is read from there on.
package protocol ParquetConverter: Sendable {
    /// Writes the rows of the files, one file after the other, as UTF-8 with commas and a header. Columns of one name
    /// are one column; a column that a file lacks is missing there.
    ///
    /// - Parameters:
    ///   - limit: the most rows; nil for all.
    ///   - csv: the file to write.
    /// - Returns: what the files say of their columns, in order.
    /// - Throws: `TableFault` if a file is no Parquet, or the tool fails.
    func convert(_ paths: [String], limit: Int?, to csv: String) async throws -> ParquetConversion
}

package struct ParquetConversion: Sendable, Equatable {
    package var columns: [ParquetColumn]
    /// Per file how many rows it gave.
    package var rowCounts: [Int]

    package init(columns: [ParquetColumn], rowCounts: [Int]) {
        self.columns = columns
        self.rowCounts = rowCounts
    }
}

package struct ParquetColumn: Sendable, Equatable {
    package let name: String
    package let kind: ParquetKind

    package init(name: String, kind: ParquetKind) {
        self.name = name
        self.kind = kind
    }
}

/// What a Parquet file says of a column's values.
package enum ParquetKind: Sendable, Equatable {
    case number
    case boolean
    case dateTime
    /// Texts, even where they look like numbers; and lists and structures as text.
    case text
}

/// How delimited text is to be read. The defaults read what Excel, pandas and databases write.
package struct CSVOptions: Sendable {
    /// One ASCII character; nil if it is to be guessed among comma, semicolon, tab and bar.
    package var delimiter: Character?
    /// Nil if a byte order mark is to tell it, and UTF-8 without one.
    package var encoding: TextEncoding?
    package var header = HeaderMode.allFilesSameHeaders
    package var repeatedNames = RepeatedNames.refused
    package var shortRows = ShortRows.refused
    /// Whether a value in quotes may go on over the line's end.
    package var quotedLineEnds = true
    /// Whether an empty field of a text column is the text "" rather than a missing value.
    package var emptyAsText = false
    /// Whether a row of words below the header is left out where every other row holds numbers; a note tells of it.
    package var skipsSecondHeader = true
    /// Whether what the values mean is found out from them; otherwise all columns are categories or texts.
    package var infersKinds = true
    /// Columns whose kind is known. A value that does not fit is read as missing, and a note tells how many there were.
    package var kinds: [String: ColumnKind] = [:]
    /// Columns whose values are words even where they look like numbers. Whether the words are dates or truths is found
    /// out, or they are kept as they are written.
    package var words: [String: WordReading] = [:]
    /// The names of the columns to read; nil for all.
    package var columns: Set<String>?
    /// The most rows to read.
    package var rowLimit: Int?
    /// How many threads may read; nil for one per processor.
    package var threads: Int?

    package init() {}

    package static let `default` = CSVOptions()
}

/// Which rows hold the names of columns. Source: MLTableHeaders of the package mltable.
package enum HeaderMode: String, Sendable, CaseIterable {
    /// All rows are data; the columns are Column1, Column2…
    case noHeader = "no_header"
    /// The first row of the first file holds the names; every other row is data.
    case fromFirstFile = "from_first_file"
    /// Each file's first row holds its names; columns of one name are one column.
    case allFilesDifferentHeaders = "all_files_different_headers"
    /// Each file's first row holds the names of the first file.
    case allFilesSameHeaders = "all_files_same_headers"
}

/// How the words of a column are read.
package enum WordReading: Sendable {
    case asWritten
    case inferred
}

/// What becomes of two columns of one name.
package enum RepeatedNames: Sendable {
    case refused
    /// As pandas does it: `a`, `a.1`, `a.2`.
    case renamed
}

/// What becomes of a row with fewer fields than there are columns.
package enum ShortRows: Sendable {
    case refused
    /// Its last fields are missing, as Azure reads it; a note tells of it.
    case padded
}

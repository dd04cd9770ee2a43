/// An opened file of delimited text: its header is read, its rows are not.
struct CSVFile: Sendable {
    let text: FileText
    let delimiter: UInt8
    /// The names in the first row; nil if the first row is data.
    let header: [String]?
    /// Where the rows begin.
    private(set) var rowsStart: Int
    /// Whether a second row of names was left out.
    private(set) var hasSecondHeader = false
    /// The number of fields in the first row, the header if there is one; 0 in an empty file.
    let fieldCount: Int

    /// - Parameter delimiter: nil if it is to be guessed.
    init(_ text: FileText, delimiter: UInt8?, quotedLineEnds: Bool, hasHeader: Bool) {
        self.text = text
        let told = ExcelDelimiter(text)
        let start = told?.end ?? text.start
        self.delimiter =
            delimiter ?? told?.delimiter
            ?? DelimiterGuess.delimiter(of: text, quotedLineEnds: quotedLineEnds)
        var reader = RecordReader(text, delimiter: self.delimiter, quotedLineEnds: quotedLineEnds, from: start)
        let first = reader.next()
        fieldCount = first?.count ?? 0
        header = hasHeader ? first.map(Self.named) : nil
        rowsStart = header == nil ? start : reader.position
    }

    /// The file without a second header, if it has one.
    func skippingSecondHeader(quotedLineEnds: Bool) -> CSVFile {
        guard let end = SecondHeader.end(in: self, quotedLineEnds: quotedLineEnds) else { return self }
        var file = self
        file.rowsStart = end
        file.hasSecondHeader = true
        return file
    }

    /// Columns without a name are named by their place, as the package mltable does it.
    static func named(_ header: [String]) -> [String] {
        header.enumerated().map { place, name in
            let name = name.trimmingSpaces
            return name.isEmpty ? defaultName(place) : name
        }
    }

    static func defaultName(_ place: Int) -> String { "Column\(place + 1)" }
}

/// The line `sep=;` with which a file may begin to tell Excel its delimiter.
struct ExcelDelimiter {
    let delimiter: UInt8
    let end: Int

    init?(_ text: FileText) {
        let start = text.bytes.start + text.start
        guard text.bytes.count - text.start > 5, zip("sep=".utf8, 0...).allSatisfy({ start[$1] == $0 }) else {
            return nil
        }
        guard start[5] == 10 || start[5] == 13 else { return nil }
        delimiter = start[4]
        end = text.start + 6
    }
}

extension String {
    /// Without the spaces, tabs and line ends around it.
    var trimmingSpaces: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[first...last])
    }
}

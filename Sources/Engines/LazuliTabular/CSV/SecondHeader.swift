/// A row of words below the header, where every other row holds numbers: names of the columns in other words, as
/// spreadsheets and surveys are exported.
enum SecondHeader {
    private static let rowsSeen = 256
    private static let fewestRows = 5

    /// Where the rows begin behind a second header; nil if there is none.
    static func end(in file: CSVFile, quotedLineEnds: Bool) -> Int? {
        guard file.header != nil else { return nil }
        var reader = RecordReader(
            file.text, delimiter: file.delimiter, quotedLineEnds: quotedLineEnds, from: file.rowsStart)
        guard let first = reader.next(), first.count == file.fieldCount, first.count > 1, isAllWords(first) else {
            return nil
        }
        let stretch = Stretch(
            range: reader.position..<file.text.bytes.count, capacity: rowsSeen,
            plans: first.map { _ in .numbers }, forced: first.map { _ in false })
        StretchScan.run(
            stretch, file.text,
            .init(delimiter: file.delimiter, quotedLineEnds: quotedLineEnds, padsShortRows: true, rowLimit: rowsSeen))
        let numbers = stretch.fields.reduce(0) { $0 + ($1.facts.numbers > 0 && $1.facts.others == 0 ? 1 : 0) }
        return stretch.rowCount >= fewestRows && numbers * 2 > first.count ? reader.position : nil
    }

    private static func isAllWords(_ fields: [String]) -> Bool {
        fields.allSatisfy { field in
            let bytes = FileBytes(field.utf8)
            return NumberField(bytes.buffer) == .other
        }
    }
}

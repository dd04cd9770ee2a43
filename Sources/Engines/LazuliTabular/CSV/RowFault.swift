/// Says what is wrong with a row.
enum RowFault {
    static func fault(_ end: ScanEnd, _ file: CSVFile, _ fieldCount: Int) -> TableFault? {
        let text = file.text
        let expected = file.header == nil ? "the first row" : "the header"
        func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }
        switch end {
        case .done: return nil
        case .tooManyFields(let row, let found):
            return text.fault(at: row) {
                "\($0) has \(fields(found)), and \(expected) has \(fieldCount). If a value holds the delimiter "
                    + "\(name(of: file.delimiter)), put the value in double quotes; otherwise take out what is too much."
            }
        case .tooFewFields(let row, let found):
            return text.fault(at: row) {
                "\($0) has \(fields(found)), and \(expected) has \(fieldCount). Complete the row, or take it out."
            }
        case .openQuote(let place):
            return text.fault(at: place) {
                "\($0) begins a value in double quotes that is never closed. Close it; a double quote inside of such a value "
                    + "is written twice."
            }
        case .quotedLineEnd(let place):
            return text.fault(at: place) {
                "\($0) holds a value in double quotes that goes on over the line's end. Set support_multi_line: true if that "
                    + "is meant; otherwise close the quotes."
            }
        case .textBehindQuote(let place):
            return text.fault(at: place) {
                "\($0) holds text behind a closing double quote. A double quote inside of a quoted value is written twice; "
                    + "correct the line."
            }
        }
    }

    private static func name(of delimiter: UInt8) -> String {
        delimiter == 9 ? "(a tab)" : "\"\(Character(UnicodeScalar(delimiter)))\""
    }
}

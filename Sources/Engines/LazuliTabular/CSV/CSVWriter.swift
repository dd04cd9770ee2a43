import Glibc

/// Writes tables as delimited text that `CSVReader` and pandas read back. Source: RFC 4180, with plain line feeds.
package struct CSVWriter: Sendable {
    package var delimiter: Character = ","
    package var writesHeader = true

    package init() {}

    package func bytes(_ table: Table) -> [UInt8] {
        var text: [UInt8] = []
        let separator = delimiter.asciiValue ?? 0x2C
        if writesHeader {
            for (place, column) in table.columns.enumerated() {
                if place > 0 { text.append(separator) }
                append(column.name, to: &text, isAlone: table.columns.count == 1)
            }
            text.append(10)
        }
        for row in 0..<table.rowCount {
            for (place, column) in table.columns.enumerated() {
                if place > 0 { text.append(separator) }
                append(column.text(row), to: &text, isAlone: table.columns.count == 1)
            }
            text.append(10)
        }
        return text
    }

    /// - Throws: `TableFault` if the file cannot be written.
    package func write(_ table: Table, to path: String) throws(TableFault) {
        let bytes = bytes(table)
        guard let file = fopen(path, "w") else {
            throw TableFault("\(path) cannot be written: \(String(cString: strerror(errno))).", file: path)
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw TableFault("\(path) cannot be written: \(String(cString: strerror(errno))).", file: path)
        }
    }

    /// - Parameter isAlone: in a row of one field, nothing would be a blank line.
    private func append(_ value: String?, to text: inout [UInt8], isAlone: Bool) {
        guard let value else {
            if isAlone { text += [0x22, 0x22] }
            return
        }
        let needsQuotes = value.utf8.contains { byte in
            byte == 0x22 || byte == 10 || byte == 13 || byte == delimiter.asciiValue
        }
        // Spaces at the ends might be taken for none of the value.
        let isPadded = value.utf8.first.map { $0 == 0x20 || $0 == 9 } ?? true || value.utf8.last == 0x20
        guard needsQuotes || isPadded else { return text.append(contentsOf: value.utf8) }
        text.append(0x22)
        for byte in value.utf8 {
            if byte == 0x22 { text.append(0x22) }
            text.append(byte)
        }
        text.append(0x22)
    }
}

extension Column {
    /// The value of a row as a person would write it; nil if it is missing.
    package func text(_ row: Int) -> String? {
        switch values {
        case .numbers(let numbers):
            let value = numbers[row]
            if value.isNaN { return nil }
            if value.isInfinite { return value < 0 ? "-inf" : "inf" }
            return (kind == .integer ? Int64(exactly: value) : nil).map { "\($0)" } ?? "\(value)"
        case .times(let times): return times[row].isNaN ? nil : DateTimeWriting.text(times[row])
        case .labels(let labels): return labels.codes[row] < 0 ? nil : labels.texts[Int(labels.codes[row])]
        }
    }
}

/// Points in time as ISO 8601 writes them, in UTC.
package enum DateTimeWriting {
    /// `2024-12-31T10:20:30Z`, with microseconds if there are any.
    package static func text(_ seconds: Double) -> String {
        let micros = Int64((seconds * 1e6).rounded()), whole = Int((Double(micros) / 1e6).rounded(.down))
        let rest = Int(micros - Int64(whole) * 1_000_000), time = whole - day(whole) * 86400
        let (year, month, dayOfMonth) = CalendarDay.date(day(whole))
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
        let clock = "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
        return "\(date)T\(clock)\(rest > 0 ? "." + padded(rest, 6) : "")Z"
    }

    private static func day(_ seconds: Int) -> Int { seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400 }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

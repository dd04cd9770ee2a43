import LazuliResources

package struct JSONLinesOptions: Sendable {
    package var encoding: TextEncoding?
    /// Whether lines that are no JSON objects are left out, with a note, rather than refused.
    package var skipsInvalidLines = false
    package var rowLimit: Int?

    package init() {}
}

/// Reads files with a JSON object per line, or with one list of objects, into a table.
///
/// Columns come in the order in which their names first appear. Objects and lists inside of a row are kept as their
/// JSON text.
package struct JSONLinesReader: Sendable {
    package var options: JSONLinesOptions

    package init(_ options: JSONLinesOptions = JSONLinesOptions()) { self.options = options }

    /// The rows of all files, one file after the other.
    ///
    /// - Throws: `TableFault` that names the first line which is no JSON object.
    package func read(_ paths: [String]) throws(TableFault) -> ReadTable { try files(paths).table }

    package func read(bytes: some Collection<UInt8>, named name: String) throws(TableFault) -> ReadTable {
        var rows = JSONRows()
        try read(FileText(name: name, bytes: FileBytes(bytes), encoding: options.encoding), &rows)
        return rows.table()
    }

    func files(_ paths: [String]) throws(TableFault) -> (table: ReadTable, rowCounts: [Int]) {
        var rows = JSONRows(), counts: [Int] = []
        for path in paths {
            let before = rows.count
            try read(FileText(path: path, encoding: options.encoding), &rows)
            counts.append(rows.count - before)
        }
        return (rows.table(), counts)
    }

    private func read(_ text: FileText, _ rows: inout JSONRows) throws(TableFault) {
        let limit = options.rowLimit ?? .max, bytes = text.bytes.buffer
        if bytes[text.start...].first(where: { !Self.isSpace($0) }) == UInt8(ascii: "[") {
            return try readList(text, limit, &rows)
        }
        var start = text.start, line = 0, invalid = 0, firstInvalid = 0
        while start < bytes.count, rows.count < limit {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            defer { start = end + 1 }
            line += 1
            guard bytes[start..<end].contains(where: { !Self.isSpace($0) }) else { continue }
            if let object = try? JSON(parsing: bytes[start..<end]).object {
                rows.append(object)
            } else if options.skipsInvalidLines {
                invalid += 1
                if firstInvalid == 0 { firstInvalid = line }
            } else {
                throw TableFault(
                    "Line \(line) of \(text.name) is no JSON object. Correct it, or set invalid_lines: drop.",
                    file: text.name,
                    line: line)
            }
        }
        if invalid > 0 {
            rows.notes.append(
                TableNote(
                    "\(invalid) lines of \(text.name) are no JSON objects and were left out, the first is line \(firstInvalid)."
                ))
        }
    }

    private func readList(_ text: FileText, _ limit: Int, _ rows: inout JSONRows) throws(TableFault) {
        let list = try? JSON(parsing: text.bytes.buffer[text.start...]).array
        guard let list else {
            throw TableFault(
                "\(text.name) begins like a list of JSON objects and cannot be read as one.", file: text.name)
        }
        for (place, row) in list.enumerated() where rows.count < limit {
            guard let object = row.object else {
                throw TableFault("Member \(place + 1) of the list in \(text.name) is no JSON object.", file: text.name)
            }
            rows.append(object)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}

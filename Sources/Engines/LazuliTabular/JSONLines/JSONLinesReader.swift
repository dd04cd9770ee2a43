package struct JSONLinesOptions: Sendable {
    package var encoding: TextEncoding?
    /// Whether lines that are no JSON objects are left out, with a note, rather than refused.
    package var skipsInvalidLines = false
    package var rowLimit: Int?

    package init() {}
}

/// Reads files with a JSON object per line, or with one list of objects, into a table. Source: jsonlines.org, RFC 8259.
///
/// Columns come in the order in which their names first appear. Objects and lists inside of a row are kept as the text
/// they are.
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
        rows.keep(text.bytes)
        var scan = JSONRowScan(text)
        if scan.takeListStart() { return try readList(text, &scan, &rows) }
        let limit = options.rowLimit ?? .max
        var invalid = 0, firstInvalid = 0
        while rows.count < limit, scan.skipBlankLines() {
            let start = scan.position
            if rows.append(&scan), scan.takeLineEnd() {
                rows.commit()
                continue
            }
            let line = text.line(at: start)
            guard options.skipsInvalidLines else {
                throw TableFault(
                    "Line \(line) of \(text.name) is no JSON object. Correct it, or set invalid_lines: drop.",
                    file: text.name, line: line)
            }
            invalid += 1
            if firstInvalid == 0 { firstInvalid = line }
            scan.skipLine(from: start)
        }
        guard invalid > 0 else { return }
        rows.notes.append(
            TableNote(
                "\(invalid == 1 ? "1 line of \(text.name) is no JSON object and was" : "\(invalid) lines of \(text.name) are no JSON objects and were") "
                    + "left out, the first is line \(firstInvalid)."))
    }

    private func readList(_ text: FileText, _ scan: inout JSONRowScan, _ rows: inout JSONRows) throws(TableFault) {
        let limit = options.rowLimit ?? .max
        guard !scan.takeListEnd() else { return }
        while rows.count < limit {
            let start = scan.position
            guard rows.append(&scan), scan.isAtListSeparator() else {
                let line = text.line(at: start)
                throw TableFault(
                    "\(text.name) begins like a list of JSON objects, and the member that begins in line \(line) is none. "
                        + "Correct it.", file: text.name, line: line)
            }
            rows.commit()
            if scan.takeListEnd() { return }
            scan.takeListSeparator()
        }
    }
}

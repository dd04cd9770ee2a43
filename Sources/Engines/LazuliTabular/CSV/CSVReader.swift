import LazuliResources

/// Reads delimited text into a table of typed columns.
///
/// Sources: RFC 4180; where that leaves a choice, pandas' `read_csv`.
package struct CSVReader: Sendable {
    package var options: CSVOptions

    package init(_ options: CSVOptions = .default) { self.options = options }

    /// - Throws: `TableFault` that says what is wrong, in which line, and what to do.
    package func read(_ path: String) throws(TableFault) -> ReadTable { try read([path]) }

    /// The rows of all files, one file after the other.
    package func read(_ paths: [String]) throws(TableFault) -> ReadTable { try files(paths).table }

    func files(_ paths: [String]) throws(TableFault) -> (table: ReadTable, rowCounts: [Int]) {
        var texts: [FileText] = []
        for path in paths { texts.append(try FileText(path: path, encoding: options.encoding)) }
        return try read(texts)
    }

    /// - Parameter name: what faults call it.
    package func read(bytes: some Collection<UInt8>, named name: String) throws(TableFault) -> ReadTable {
        try read([FileText(name: name, bytes: FileBytes(bytes), encoding: options.encoding)]).table
    }

    private func read(_ texts: [FileText]) throws(TableFault) -> (table: ReadTable, rowCounts: [Int]) {
        let delimiter = try delimiterByte()
        var files: [CSVFile] = [], places: [Int] = []
        for (place, text) in texts.enumerated() {
            let file = CSVFile(
                text, delimiter: delimiter ?? files.first?.delimiter, quotedLineEnds: options.quotedLineEnds,
                hasHeader: options.header.expectsHeader(inFile: place))
            guard file.fieldCount > 0 else { continue }
            let skips = options.skipsSecondHeader && options.infersKinds
            files.append(skips ? file.skippingSecondHeader(quotedLineEnds: options.quotedLineEnds) : file)
            places.append(place)
        }
        guard let first = files.first else {
            let names = texts.map(\.name).joined(separator: ", ")
            throw TableFault(
                "\(names) \(texts.count == 1 ? "is" : "are") empty: there is not even a header.",
                file: texts.first?.name)
        }
        let layout = try ColumnLayout(files, options)
        if let missing = (options.columns ?? []).sorted().first(where: { !layout.names.contains($0) }) {
            throw TableFault(
                "\(first.text.name) has no column \"\(missing)\".\(NearestName.hint(missing, among: layout.names))",
                file: first.text.name)
        }
        var (table, counts) = try CSVColumns(CSVScan(files: files, layout: layout, options: options)).table()
        for file in files where file.hasSecondHeader { table.notes.insert(secondHeaderNote(file), at: 0) }
        var rowCounts = [Int](repeating: 0, count: texts.count)
        for (place, count) in zip(places, counts) { rowCounts[place] = count }
        return (table, rowCounts)
    }

    private func secondHeaderNote(_ file: CSVFile) -> TableNote {
        TableNote(
            "Line \(file.text.line(at: file.rowsStart) - 1) of \(file.text.name) holds words where the other rows hold numbers: "
                + "it was taken for a second header and left out.")
    }

    private func delimiterByte() throws(TableFault) -> UInt8? {
        guard let delimiter = options.delimiter else { return nil }
        guard let byte = delimiter.asciiValue, byte != 10, byte != 13, byte != 0x22 else {
            throw TableFault(
                "The delimiter \"\(delimiter)\" cannot be used: it has to be one ASCII character, neither a double quote nor "
                    + "a line's end.")
        }
        return byte
    }
}

extension HeaderMode {
    fileprivate func expectsHeader(inFile place: Int) -> Bool {
        switch self {
        case .noHeader: false
        case .fromFirstFile: place == 0
        case .allFilesDifferentHeaders, .allFilesSameHeaders: true
        }
    }
}

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
    package func read(_ paths: [String]) throws(TableFault) -> ReadTable {
        var texts: [FileText] = []
        for path in paths { texts.append(try FileText(path: path, encoding: options.encoding)) }
        return try read(texts)
    }

    /// - Parameter name: what faults call it.
    package func read(bytes: some Collection<UInt8>, named name: String) throws(TableFault) -> ReadTable {
        try read([FileText(name: name, bytes: FileBytes(bytes), encoding: options.encoding)])
    }

    private func read(_ texts: [FileText]) throws(TableFault) -> ReadTable {
        let delimiter = try delimiterByte()
        var files: [CSVFile] = []
        for (place, text) in texts.enumerated() {
            let file = CSVFile(
                text, delimiter: delimiter ?? files.first?.delimiter, quotedLineEnds: options.quotedLineEnds,
                hasHeader: options.header.expectsHeader(inFile: place))
            if file.fieldCount > 0 { files.append(file) }
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
        return try CSVColumns(CSVScan(files: files, layout: layout, options: options)).table()
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

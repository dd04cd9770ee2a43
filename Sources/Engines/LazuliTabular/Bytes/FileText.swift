import LazuliResources

/// A file's text as UTF-8, whatever its encoding was.
struct FileText: Sendable {
    /// As the caller named it; faults speak of it.
    let name: String
    let bytes: FileBytes
    /// Where the text begins, behind a byte order mark.
    let start: Int
    let census: BlockCensus

    /// - Parameter encoding: nil if it is to be told by the byte order mark, and is UTF-8 without one.
    /// - Throws: `TableFault` if the file cannot be read or is not in that encoding.
    init(path: String, encoding: TextEncoding?) throws(TableFault) {
        try self.init(name: path, bytes: FileBytes(path: path), encoding: encoding)
    }

    init(name: String, bytes: FileBytes, encoding: TextEncoding?) throws(TableFault) {
        self.name = name
        let bytes = try Self.unpacked(bytes, name)
        try Self.refuseOtherFormats(bytes, name)
        let mark = ByteOrderMark(bytes)
        switch (encoding ?? mark?.encoding ?? .utf8, mark) {
        case (.utf8, .utf16BigEndian?), (.utf8, .utf16LittleEndian?), (.ascii, .some):
            throw TableFault(
                "\(name) begins with the byte order mark of \(mark?.encoding.rawValue ?? ""), and its encoding was given as "
                    + "\(encoding?.rawValue ?? ""). Set encoding: \(mark?.encoding.rawValue ?? "").", file: name,
                line: 1)
        case (.utf8, _):
            self.bytes = bytes
            start = mark == nil ? 0 : 3
        case (.ascii, _):
            self.bytes = bytes
            start = 0
        case (let other, _):
            self.bytes = try LegacyText.utf8(bytes, other, mark, name)
            start = 0
        }
        census = BlockCensus(self.bytes)
        try refuseFalseBytes(asciiOnly: encoding == .ascii, wasTold: encoding != nil)
    }

    /// The number of the line in which a byte lies, the first being 1.
    func line(at position: Int) -> Int {
        var line = 1, previous: UInt8 = 0
        for byte in bytes.buffer[start..<max(start, min(position, bytes.count))] {
            if byte == 10 ? previous != 13 : byte == 13 { line += 1 }
            previous = byte
        }
        return line
    }

    func fault(at position: Int, _ text: (_ place: String) -> String) -> TableFault {
        let line = line(at: position)
        return TableFault(text("Line \(line) of \(name)"), file: name, line: line)
    }

    private func refuseFalseBytes(asciiOnly: Bool, wasTold: Bool) throws(TableFault) {
        if let zero = bytes.buffer.prefix(Self.looksAhead).firstIndex(of: 0) {
            throw fault(at: zero) {
                "\($0) holds a zero byte, which no text has. If the file is UTF-16, set encoding: utf-16."
            }
        }
        guard !census.all.isASCII else { return }
        let fault =
            asciiOnly
            ? bytes.buffer.firstIndex { $0 >= 0x80 } : UTF8Check.firstFault(bytes.start, start..<bytes.count)
        guard let fault else { return }
        let byte = "byte \(fault + 1) of the file, 0x\(String(bytes.start[fault], radix: 16, uppercase: true)),"
        throw self.fault(at: fault) { place in
            if asciiOnly {
                let isUTF8 = UTF8Check.firstFault(bytes.start, start..<bytes.count) == nil
                return
                    "\(place) holds a character outside ASCII (\(byte) is the first of them), and the encoding was given as "
                    + "ascii. Set encoding: \(isUTF8 ? "utf8" : "windows-1252, or the one the file was written in")."
            }
            return
                "\(place) is no UTF-8\(wasTold ? "" : ", which is assumed when no encoding is given"): \(byte) stands for "
                + "no character there. Set encoding: windows-1252 (Excel's) or latin1, or save the file as UTF-8."
        }
    }

    private static let looksAhead = 4096

    private static func unpacked(_ bytes: FileBytes, _ name: String) throws(TableFault) -> FileBytes {
        guard bytes.begins(with: [0x1F, 0x8B]) else { return bytes }
        do {
            return FileBytes(try Inflate.gzip(Array(bytes.buffer), limit: 1 << 32))
        } catch {
            throw TableFault("\(name) is compressed by gzip and cannot be unpacked: \(error)", file: name)
        }
    }

    private static func refuseOtherFormats(_ bytes: FileBytes, _ name: String) throws(TableFault) {
        let formats: [(String, [UInt8], String)] = [
            (
                "a Parquet file", Array("PAR1".utf8),
                "Read it as Parquet: read_parquet in an MLTable file, or a name that ends in .parquet."
            ),
            ("a ZIP archive or an Excel workbook", [0x50, 0x4B, 3, 4], "Unpack it, or save the sheet as CSV."),
            ("an old Excel workbook", [0xD0, 0xCF, 0x11, 0xE0], "Save the sheet as CSV."),
            ("compressed by Zstandard", [0x28, 0xB5, 0x2F, 0xFD], "Unpack it first."),
            ("compressed by bzip2", Array("BZh".utf8), "Unpack it first."),
        ]
        for (what, magic, remedy) in formats where bytes.begins(with: magic) {
            // A text may well begin with these letters; a zero byte soon after it may not.
            guard magic[0] >= 0x80 || bytes.buffer.prefix(looksAhead).contains(0) || magic[0] == 0x28 else { continue }
            throw TableFault("\(name) is \(what), not delimited text. \(remedy)", file: name)
        }
    }
}

/// The bytes with which a text may tell its encoding.
enum ByteOrderMark {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian

    init?(_ bytes: FileBytes) {
        if bytes.begins(with: [0xEF, 0xBB, 0xBF]) {
            self = .utf8
        } else if bytes.begins(with: [0xFF, 0xFE]) {
            self = .utf16LittleEndian
        } else if bytes.begins(with: [0xFE, 0xFF]) {
            self = .utf16BigEndian
        } else {
            return nil
        }
    }

    var encoding: TextEncoding {
        switch self {
        case .utf8: .utf8
        case .utf16LittleEndian: .utf16LittleEndian
        case .utf16BigEndian: .utf16BigEndian
        }
    }
}

/// Reads single rows as texts: headers, and the rows by which a delimiter is guessed. `StretchScan` reads the rest.
struct RecordReader {
    let text: FileText
    let delimiter: UInt8
    let quotedLineEnds: Bool
    var position: Int

    init(_ text: FileText, delimiter: UInt8, quotedLineEnds: Bool, from position: Int? = nil) {
        self.text = text
        self.delimiter = delimiter
        self.quotedLineEnds = quotedLineEnds
        self.position = position ?? text.start
    }

    /// The next row that is not blank, or nil at the end. A quote that is never closed ends with the file.
    mutating func next() -> [String]? {
        let bytes = text.bytes
        while position < bytes.count,
            let next = BlankLine.end(bytes.start, from: position, end: bytes.count, delimiter: delimiter)
        {
            position = next
        }
        guard position < bytes.count else { return nil }
        var fields: [String] = []
        while true {
            fields.append(field())
            guard position < bytes.count, bytes.start[position] == delimiter else { break }
            position += 1
        }
        if position < bytes.count {
            position += bytes.start[position] == 13 && bytes.start[position + 1] == 10 ? 2 : 1
        }
        return fields
    }

    private mutating func field() -> String {
        let (bytes, end) = (text.bytes.start, text.bytes.count)
        let start = position
        while bytes[position] == 0x20, position < end { position += 1 }
        guard position < end, bytes[position] == 0x22 else {
            position = start
            return rest(from: start)
        }
        var value: [UInt8] = []
        position += 1
        while position < end {
            let byte = bytes[position]
            if byte == 0x22 {
                position += 1
                guard bytes[position] == 0x22 else { break }
            } else if byte == 10 || byte == 13, !quotedLineEnds {
                break
            }
            value.append(byte)
            position += 1
        }
        let tail = rest(from: position)
        return String(decoding: value, as: UTF8.self) + (tail.allSatisfy { $0 == " " } ? "" : tail)
    }

    /// What stands before the next delimiter or line's end.
    private mutating func rest(from start: Int) -> String {
        let (bytes, end) = (text.bytes.start, text.bytes.count)
        while position < end, bytes[position] != delimiter, bytes[position] != 10, bytes[position] != 13 {
            position += 1
        }
        return String(decoding: UnsafeBufferPointer(start: bytes + start, count: position - start), as: UTF8.self)
    }
}

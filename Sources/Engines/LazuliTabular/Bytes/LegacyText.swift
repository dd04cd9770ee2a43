/// Turns texts of other encodings into UTF-8.
enum LegacyText {
    /// - Throws: `TableFault` if the bytes are not in that encoding.
    static func utf8(
        _ bytes: FileBytes, _ encoding: TextEncoding, _ mark: ByteOrderMark?, _ name: String
    ) throws(TableFault) -> FileBytes {
        switch encoding {
        case .latin1: return FileBytes(singleBytes(bytes) { UInt16($0) })
        case .windows1252:
            return FileBytes(singleBytes(bytes) { $0 >= 0x80 && $0 < 0xA0 ? windows[Int($0) - 0x80] : UInt16($0) })
        case .utf16BigEndian: return try utf16(bytes, isBigEndian: true, mark, name)
        case .utf16: return try utf16(bytes, isBigEndian: mark == .utf16BigEndian, mark, name)
        case .utf16LittleEndian: return try utf16(bytes, isBigEndian: false, mark, name)
        case .ascii, .utf8: return bytes
        }
    }

    private static func singleBytes(_ bytes: FileBytes, _ unit: (UInt8) -> UInt16) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes.buffer {
            if byte < 0x80 { text.append(byte) } else { append(UInt32(unit(byte)), to: &text) }
        }
        return text
    }

    private static func utf16(
        _ bytes: FileBytes, isBigEndian: Bool, _ mark: ByteOrderMark?, _ name: String
    ) throws(TableFault) -> FileBytes {
        let hasMark = mark == .utf16BigEndian || mark == .utf16LittleEndian
        guard bytes.count.isMultiple(of: 2) else {
            throw TableFault(
                "\(name) is no UTF-16: it has an odd number of bytes (\(bytes.count)). Set the encoding it was written in.",
                file: name)
        }
        var text: [UInt8] = [], position = hasMark ? 2 : 0, line = 1
        text.reserveCapacity(bytes.count)
        func unit(_ position: Int) -> UInt32 {
            let (first, second) = (UInt32(bytes.start[position]), UInt32(bytes.start[position + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        while position < bytes.count {
            var scalar = unit(position)
            if scalar & 0xF800 == 0xD800 {
                let next = position + 2 < bytes.count ? unit(position + 2) : 0
                guard scalar < 0xDC00, next & 0xFC00 == 0xDC00 else {
                    throw TableFault(
                        "Line \(line) of \(name) is no UTF-16: byte \(position + 1) of the file begins half a character. "
                            + "Set the encoding the file was written in.", file: name, line: line)
                }
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + next & 0x3FF
                position += 2
            }
            if scalar == 10 { line += 1 }
            append(scalar, to: &text)
            position += 2
        }
        return FileBytes(text)
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case 0..<0x80: text.append(UInt8(scalar))
        case 0x80..<0x800: text += [0xC0 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 0x3F)]
        case 0x800..<0x10000:
            text += [0xE0 | UInt8(scalar >> 12), 0x80 | UInt8(scalar >> 6 & 0x3F), 0x80 | UInt8(scalar & 0x3F)]
        default:
            text += [
                0xF0 | UInt8(scalar >> 18), 0x80 | UInt8(scalar >> 12 & 0x3F), 0x80 | UInt8(scalar >> 6 & 0x3F),
                0x80 | UInt8(scalar & 0x3F),
            ]
        }
    }

    /// The characters of bytes 0x80 to 0x9F; the five without one stand for themselves, as browsers read them.
    /// Source: encoding.spec.whatwg.org/index-windows-1252.txt.
    private static let windows: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]
}

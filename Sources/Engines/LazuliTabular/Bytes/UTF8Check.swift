/// Finds bytes that are no UTF-8. Source: RFC 3629 section 4.
enum UTF8Check {
    /// The place of the first byte that is no UTF-8, or nil.
    static func firstFault(_ start: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int? {
        var position = range.lowerBound
        let raw = UnsafeRawPointer(start)
        while position < range.upperBound {
            if position + 8 <= range.upperBound,
                raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                position += 8
                continue
            }
            guard let length = sequenceLength(start + position, available: range.upperBound - position) else {
                return position
            }
            position += length
        }
        return nil
    }

    private static func sequenceLength(_ bytes: UnsafePointer<UInt8>, available: Int) -> Int? {
        let first = bytes[0]
        if first < 0x80 { return 1 }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        guard length <= available, second.contains(bytes[1]) else { return nil }
        for place in 2..<max(length, 2) where bytes[place] & 0xC0 != 0x80 { return nil }
        return length
    }
}

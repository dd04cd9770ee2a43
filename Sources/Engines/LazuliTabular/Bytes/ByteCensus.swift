/// What a stretch of bytes holds, counted eight bytes at a time.
struct ByteCensus {
    /// Line feeds and carriage returns.
    private(set) var lineEnds = 0
    private(set) var quotes = 0
    private(set) var isASCII = true

    private init() {}

    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
        let raw = UnsafeRawPointer(start)
        var position = 0, all: UInt64 = 0
        while position + 8 <= count {
            // A byte of a word counts to 255.
            let end = min(count - 7, position + 255 * 8)
            var ends: UInt64 = 0, marks: UInt64 = 0
            while position < end {
                let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                all |= word
                ends &+= Self.ones(word, where: 10) | Self.ones(word, where: 13)
                marks &+= Self.ones(word, where: 34)
                position += 8
            }
            lineEnds += Self.sum(ends)
            quotes += Self.sum(marks)
        }
        while position < count {
            let byte = start[position]
            if byte == 10 || byte == 13 { lineEnds += 1 }
            if byte == 34 { quotes += 1 }
            all |= UInt64(byte)
            position += 1
        }
        isASCII = all & 0x8080_8080_8080_8080 == 0
    }

    static func + (left: ByteCensus, right: ByteCensus) -> ByteCensus {
        var sum = left
        sum.lineEnds += right.lineEnds
        sum.quotes += right.quotes
        sum.isASCII = left.isASCII && right.isASCII
        return sum
    }

    static let none = ByteCensus()

    /// A word with 1 in each byte in which the other word has the byte sought.
    @inline(__always)
    private static func ones(_ word: UInt64, where byte: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let difference = word ^ byte &* 0x0101_0101_0101_0101
        return ~((difference & low &+ low) | difference | low) >> 7
    }

    private static func sum(_ word: UInt64) -> Int {
        (0..<8).reduce(0) { $0 + Int(word >> UInt64($1 * 8) & 0xFF) }
    }
}

/// What a stretch of bytes holds, counted 32 bytes at a time.
struct ByteCensus {
    /// Line feeds and carriage returns.
    private(set) var lineEnds = 0
    private(set) var quotes = 0
    private(set) var isASCII = true

    private init() {}

    private typealias Words = SIMD4<UInt64>
    private static let step = MemoryLayout<Words>.size

    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
        let raw = UnsafeRawPointer(start)
        var position = 0, all = Words.zero
        while position + Self.step <= count {
            // A byte of a word counts to 255.
            let end = min(count - Self.step + 1, position + 255 * Self.step)
            var ends = Words.zero, marks = Words.zero
            while position < end {
                let words = raw.loadUnaligned(fromByteOffset: position, as: Words.self)
                all |= words
                ends &+= Self.ones(words, where: 10) | Self.ones(words, where: 13)
                marks &+= Self.ones(words, where: 34)
                position &+= Self.step
            }
            lineEnds += Self.sum(ends)
            quotes += Self.sum(marks)
        }
        var last: UInt64 = all[0] | all[1] | all[2] | all[3]
        while position < count {
            let byte = start[position]
            if byte == 10 || byte == 13 { lineEnds += 1 }
            if byte == 34 { quotes += 1 }
            last |= UInt64(byte)
            position += 1
        }
        isASCII = last & 0x8080_8080_8080_8080 == 0
    }

    static func + (left: ByteCensus, right: ByteCensus) -> ByteCensus {
        var sum = left
        sum.lineEnds += right.lineEnds
        sum.quotes += right.quotes
        sum.isASCII = left.isASCII && right.isASCII
        return sum
    }

    static let none = ByteCensus()

    /// Words with 1 in each byte in which the other words have the byte sought.
    @inline(__always)
    private static func ones(_ words: Words, where byte: UInt64) -> Words {
        let low = Words(repeating: 0x7F7F_7F7F_7F7F_7F7F)
        let difference = words ^ Words(repeating: byte &* 0x0101_0101_0101_0101)
        let others = ((difference & low) &+ low) | difference | low
        return (others ^ Words(repeating: .max)) &>> Words(repeating: 7)
    }

    private static func sum(_ words: Words) -> Int {
        (0..<Self.step).reduce(0) { $0 + Int(words[$1 / 8] >> UInt64($1 % 8 * 8) & 0xFF) }
    }
}

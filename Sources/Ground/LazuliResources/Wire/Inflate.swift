/// Undoes the compression in which clients may send bodies.
///
/// Sources: RFC 1950 (zlib), RFC 1951 (deflate), RFC 1952 (gzip).
public enum Inflate {
    /// - Parameter limit: the most bytes that may come out; a small body can hold gigabytes.
    public static func gzip(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else {
            throw malformed("it has no gzip header")
        }
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0 { start += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else {
                throw malformed("its header does not end")
            }
            start = end + 1
        }
        if flags & 2 != 0 { start += 2 }
        guard start + 8 <= bytes.count else { throw malformed("it ends inside of its header") }
        var reader = DeflateReader(bytes[start...], limit: limit)
        try reader.run()
        let trailer = bytes.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard trailer == UInt64(truncatingIfNeeded: reader.output.count) << 32 | UInt64(Checksum.crc32(reader.output))
        else { throw malformed("its checksum is another") }
        return reader.output
    }

    /// Deflate with zlib's header, or, as some clients send it, without.
    public static func deflate(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        let isZlib = bytes.count > 6 && bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 + Int(bytes[1])) % 31 == 0
        var reader = DeflateReader(bytes[(isZlib ? 2 : 0)...], limit: limit)
        try reader.run()
        return reader.output
    }

    static func malformed(_ reason: String) -> any Error {
        ServiceError(.malformedBody, "The compressed body cannot be read, \(reason).")
    }
}

/// The checksum of gzip. Source: RFC 1952 section 8.
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { value, byte in table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
    }
}

/// Reads the blocks of a deflate stream.
private struct DeflateReader {
    private(set) var output: [UInt8] = []
    private var bits: BitReader
    private let limit: Int

    init(_ bytes: ArraySlice<UInt8>, limit: Int) {
        bits = BitReader(bytes)
        self.limit = limit
    }

    mutating func run() throws {
        var isLast = false
        while !isLast {
            isLast = try bits.take(1) == 1
            switch try bits.take(2) {
            case 0: try append(bits.stored())
            case 1:
                let (literals, distances) = try PrefixCode.fixed()
                try block(literals, distances)
            case 2:
                let (literals, distances) = try codes()
                try block(literals, distances)
            default: throw Inflate.malformed("a block has an unknown type")
            }
        }
    }

    private mutating func append(_ bytes: some Collection<UInt8>) throws {
        guard output.count + bytes.count <= limit else {
            throw Inflate.malformed("it holds more than \(limit >> 20) MiB. Send the spans in smaller batches")
        }
        output.append(contentsOf: bytes)
    }

    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]

    /// Symbols below 256 are bytes, 256 ends the block, others repeat what stands earlier.
    private mutating func block(_ literals: PrefixCode, _ distances: PrefixCode) throws {
        while true {
            let symbol = try literals.next(&bits)
            if symbol == 256 { return }
            if symbol < 256 {
                try append(CollectionOfOne(UInt8(symbol)))
                continue
            }
            guard symbol - 257 < Self.lengthBase.count else { throw Inflate.malformed("a length is unknown") }
            let length = Self.lengthBase[symbol - 257] + (try bits.take(Self.lengthBits[symbol - 257]))
            try copy(length, from: distance(distances.next(&bits)))
        }
    }

    /// Each two symbols double the distance. Source: RFC 1951 section 3.2.5.
    private mutating func distance(_ symbol: Int) throws -> Int {
        guard symbol < 30 else { throw Inflate.malformed("a distance is unknown") }
        if symbol < 4 { return symbol + 1 }
        let extra = symbol / 2 - 1
        return (2 + symbol % 2) << extra + 1 + (try bits.take(extra))
    }

    /// What is copied may overlap with what it makes.
    private mutating func copy(_ length: Int, from distance: Int) throws {
        guard distance <= output.count else { throw Inflate.malformed("it refers to what is before its beginning") }
        guard output.count + length <= limit else { return try append(repeatElement(0, count: length)) }
        for _ in 0..<length { output.append(output[output.count - distance]) }
    }

    /// The codes that stand at the head of a block, themselves in code.
    private mutating func codes() throws -> (PrefixCode, PrefixCode) {
        let literalCount = try bits.take(5) + 257, distanceCount = try bits.take(5) + 1, count = try bits.take(4) + 4
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var lengths = [Int](repeating: 0, count: 19)
        for place in order.prefix(count) { lengths[place] = try bits.take(3) }
        let code = try PrefixCode(lengths)
        var all: [Int] = []
        while all.count < literalCount + distanceCount {
            switch try code.next(&bits) {
            case 16:
                guard let last = all.last else { throw Inflate.malformed("a code repeats nothing") }
                all += repeatElement(last, count: 3 + (try bits.take(2)))
            case 17: all += repeatElement(0, count: 3 + (try bits.take(3)))
            case 18: all += repeatElement(0, count: 11 + (try bits.take(7)))
            case let length: all.append(length)
            }
        }
        guard all.count == literalCount + distanceCount else { throw Inflate.malformed("a code is too long") }
        return (try PrefixCode(all.prefix(literalCount)), try PrefixCode(all.suffix(distanceCount)))
    }
}

/// Bits of a stream, the lowest of each byte first.
private struct BitReader {
    private var rest: ArraySlice<UInt8>
    private var held = 0
    private var count = 0

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func take(_ wanted: Int) throws -> Int {
        while count < wanted {
            guard let byte = rest.popFirst() else { throw Inflate.malformed("it ends too early") }
            held |= Int(byte) << count
            count += 8
        }
        defer {
            held >>= wanted
            count -= wanted
        }
        return held & (1 << wanted - 1)
    }

    /// A block that is not compressed: its length, the length's complement, and the bytes, from the next whole byte on.
    mutating func stored() throws -> ArraySlice<UInt8> {
        (held, count) = (0, 0)
        let length = try take(16), complement = try take(16)
        guard length == ~complement & 0xFFFF, length <= rest.count else {
            throw Inflate.malformed("the length of a block is wrong")
        }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }
}

/// A code in which no word begins another, given by the words' lengths. Source: RFC 1951 section 3.2.2.
private struct PrefixCode {
    /// How many words have each length.
    private var counts = [Int](repeating: 0, count: 16)
    /// The symbols in the order of their words.
    private let symbols: [Int]

    /// The codes of blocks that bring none. Source: RFC 1951 section 3.2.6.
    static func fixed() throws -> (literals: PrefixCode, distances: PrefixCode) {
        let literals = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        return (try PrefixCode(literals), try PrefixCode([Int](repeating: 5, count: 30)))
    }

    /// - Throws: `invalidArgument` for lengths of more words than there can be.
    init(_ lengths: some Collection<Int>) throws {
        for length in lengths where length > 0 { counts[length] += 1 }
        var free = 1
        for count in counts.dropFirst() {
            free = free * 2 - count
            guard free >= 0 else { throw Inflate.malformed("a code has too many words") }
        }
        symbols = lengths.enumerated().filter { $0.element > 0 }
            .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
    }

    func next(_ bits: inout BitReader) throws -> Int {
        var word = 0, first = 0, place = 0
        for length in 1...15 {
            word = word << 1 | (try bits.take(1))
            first <<= 1
            if word - first < counts[length] { return symbols[place + word - first] }
            place += counts[length]
            first += counts[length]
        }
        throw Inflate.malformed("a word is in no code")
    }
}

/// What each block of a file holds, counted by all processors at once.
struct BlockCensus: Sendable {
    static let blockSize = 1 << 20

    private let blocks: [ByteCensus]
    private let count: Int

    init(_ bytes: FileBytes) {
        let size = Self.blockSize, total = bytes.count
        count = total
        blocks = Parallel.map(count: (total + size - 1) / size) { block in
            ByteCensus(bytes.start + block * size, min(size, total - block * size))
        }
    }

    var all: ByteCensus { blocks.reduce(.none, +) }

    /// What the blocks that hold these bytes hold: at least what the bytes hold.
    func atMost(in range: Range<Int>) -> ByteCensus {
        guard !range.isEmpty else { return .none }
        return blocks[range.lowerBound / Self.blockSize...(range.upperBound - 1) / Self.blockSize].reduce(.none, +)
    }

    /// The quotes before the block that a byte lies in.
    func quotes(beforeBlock block: Int) -> Int { blocks[..<block].reduce(0) { $0 + $1.quotes } }
}

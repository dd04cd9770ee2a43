/// A row on its way through a tree.
struct TreeItem {
    var row: UInt32
    var weight: Float
    /// The number of its class, or the value less the mean of all values.
    var target: Double
}

/// How a node parts its rows.
struct Split {
    var column: Int
    /// The last bin that goes left.
    var bin: Int
    var missingGoesLeft: Bool
    /// Greater is better; comparable within a node only.
    var score: Double
}

/// What a split must keep to, and how it is found.
struct SplitRules {
    var minSamplesLeaf: Int
    /// Whether classes are parted by entropy rather than by Gini's impurity.
    var usesEntropy: Bool
    /// Whether one bound is drawn for each column, rather than the best one sought.
    var drawsBounds: Bool
}

/// The bins that occur in a node: a set that is cheap to fill and to walk through.
struct BinSet {
    private var words = SIMD4<UInt64>()

    @inline(__always)
    mutating func insert(_ bin: Int) { words[bin >> 6] |= 1 << UInt64(bin & 63) }

    @inline(__always)
    mutating func insertAll(below count: Int) { for bin in 0..<count { insert(bin) } }

    /// The least bin from `bin` on; nil when there is none.
    @inline(__always)
    func first(from bin: Int) -> Int? {
        var word = bin >> 6
        guard word < 4 else { return nil }
        var bits = words[word] & (~0 << UInt64(bin & 63))
        while bits == 0 {
            word += 1
            if word == 4 { return nil }
            bits = words[word]
        }
        return word << 6 + bits.trailingZeroBitCount
    }
}

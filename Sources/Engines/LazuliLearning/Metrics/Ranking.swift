/// Puts rows in the order of a score. It keeps its memory, so that ranking thousands of times allocates once.
struct Ranking {
    /// Per place the score, rounded to single precision and made comparable as a whole number, above the row.
    private var entries: [UInt64] = []
    private var spare: [UInt64] = []
    private static let digitBits = 11
    private static let digits = 1 << digitBits

    /// Calls `body` with the rows from the lowest score to the highest; rows of equal score follow one another.
    ///
    /// - Parameters:
    ///   - isExact: whether scores that are equal in single precision are told apart.
    ///   - score: the score of a row, not NaN.
    /// - Complexity: linear, unless many scores differ but are equal in single precision.
    @inline(__always)
    mutating func withRows<Result>(
        count: Int, isExact: Bool = true, score: (Int) -> Double, _ body: (RankedRows) -> Result
    ) -> Result {
        if entries.count < count {
            entries = Array(repeating: 0, count: count)
            spare = entries
        }
        return entries.withUnsafeMutableBufferPointer { entries in
            var entries = UnsafeMutableBufferPointer(rebasing: entries[..<count])
            for row in 0..<count {
                entries[row] = UInt64(Self.sortable(Float(score(row)))) << 32 | UInt64(row)
            }
            if count < 256 {
                entries.sort()
            } else {
                spare.withUnsafeMutableBufferPointer { Self.sort(entries, $0) }
            }
            if isExact { Self.refine(&entries, score) }
            return body(RankedRows(entries: UnsafeBufferPointer(entries)))
        }
    }

    /// A whole number that compares as the score does.
    @inline(__always)
    private static func sortable(_ score: Float) -> UInt32 {
        let bits = (score + 0).bitPattern
        return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
    }

    /// Radix sort by the upper half, lowest digit first.
    private static func sort(_ entries: UnsafeMutableBufferPointer<UInt64>, _ spare: UnsafeMutableBufferPointer<UInt64>)
    {
        var (from, to) = (entries, spare)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: digits) { places in
            for shift in [32, 32 + digitBits, 32 + 2 * digitBits] {
                guard countDigits(from, count: entries.count, shift, places) else { continue }
                for place in 0..<entries.count {
                    let digit = Int(truncatingIfNeeded: from[place] >> UInt64(shift)) & (digits - 1)
                    to[places[digit]] = from[place]
                    places[digit] += 1
                }
                swap(&from, &to)
            }
        }
        if from.baseAddress != entries.baseAddress {
            for place in 0..<entries.count { entries[place] = from[place] }
        }
    }

    /// Fills in where each digit's entries begin; false when all share one digit, so that nothing is to be moved.
    private static func countDigits(
        _ entries: UnsafeMutableBufferPointer<UInt64>, count: Int, _ shift: Int,
        _ places: UnsafeMutableBufferPointer<Int>
    ) -> Bool {
        places.update(repeating: 0)
        for place in 0..<count {
            places[Int(truncatingIfNeeded: entries[place] >> UInt64(shift)) & (digits - 1)] += 1
        }
        var start = 0
        for digit in 0..<digits {
            let size = places[digit]
            if size == count { return false }
            places[digit] = start
            start += size
        }
        return true
    }

    @inline(__always)
    fileprivate static func row(_ entry: UInt64) -> Int { Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) }

    /// Orders what single precision could not tell apart.
    @inline(__always)
    private static func refine(_ entries: inout UnsafeMutableBufferPointer<UInt64>, _ score: (Int) -> Double) {
        var start = 0
        while start < entries.count {
            var end = start + 1
            var isSorted = true
            while end < entries.count, entries[end] >> 32 == entries[start] >> 32 {
                if score(row(entries[end])) < score(row(entries[end - 1])) { isSorted = false }
                end += 1
            }
            if !isSorted {
                entries[start..<end].sort { score(row($0)) < score(row($1)) }
            }
            start = end
        }
    }
}

/// Rows from the lowest score to the highest.
struct RankedRows {
    fileprivate let entries: UnsafeBufferPointer<UInt64>

    var count: Int { entries.count }
    @inline(__always)
    subscript(place: Int) -> Int { Ranking.row(entries[place]) }

    /// Equal for rows whose scores are equal in single precision.
    @inline(__always)
    func key(_ place: Int) -> UInt64 { entries[place] >> 32 }
}

/// Counts of durations in buckets whose width grows with the value: 32 to each doubling, so that a percentile is exact
/// to about 3 percent over the whole range.
///
/// Source: the bucket layout of HdrHistogram (G. Tene), with 5 bits of resolution.
package struct LatencyHistogram: Sendable, Equatable {
    private static let bits = 5
    private static let perDoubling = 1 << bits

    private var counts: [UInt32] = []
    package private(set) var count: UInt64 = 0
    /// Microseconds.
    package private(set) var sum: UInt64 = 0
    package private(set) var largest: UInt64 = 0

    package init() {}

    package mutating func record(_ microseconds: UInt64) {
        let bucket = Self.bucket(of: microseconds)
        if bucket >= counts.count { counts.append(contentsOf: repeatElement(0, count: bucket + 1 - counts.count)) }
        counts[bucket] &+= 1
        count += 1
        sum += microseconds
        largest = max(largest, microseconds)
    }

    package mutating func add(_ other: LatencyHistogram) {
        if other.counts.count > counts.count {
            counts.append(contentsOf: repeatElement(0, count: other.counts.count - counts.count))
        }
        for (bucket, number) in other.counts.enumerated() { counts[bucket] &+= number }
        count += other.count
        sum += other.sum
        largest = max(largest, other.largest)
    }

    /// Microseconds; nil when nothing was recorded.
    package var mean: Double? { count == 0 ? nil : Double(sum) / Double(count) }

    /// The value that a share of the recorded ones do not exceed, in microseconds; nil when nothing was recorded.
    /// - Parameter share: 0 to 1.
    package func percentile(_ share: Double) -> UInt64? {
        guard count > 0 else { return nil }
        let rank = max(1, UInt64((share * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, number) in counts.enumerated() {
            seen += UInt64(number)
            if seen >= rank { return min(Self.upperEnd(of: bucket), largest) }
        }
        return largest
    }

    /// Values below `2 * perDoubling` have a bucket each; above, the leading bits choose it.
    private static func bucket(of value: UInt64) -> Int {
        guard value >= UInt64(2 * perDoubling) else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - bits
        return (shift + 1) * perDoubling + Int(value >> UInt64(shift)) - perDoubling
    }

    private static func upperEnd(of bucket: Int) -> UInt64 {
        guard bucket >= 2 * perDoubling else { return UInt64(bucket) }
        let shift = bucket / perDoubling - 1
        let lead = UInt64(bucket % perDoubling + perDoubling)
        // Of the last bucket the end is the largest number there is, which the next one would wrap around.
        return ((lead + 1) << UInt64(shift)) &- 1
    }
}

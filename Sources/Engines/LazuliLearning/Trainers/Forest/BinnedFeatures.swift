/// Features as the numbers of the intervals they fall in, at most 255 a column: what trees are grown from.
///
/// Bounds are single-precision numbers that every engine compares in the same way.
package struct BinnedFeatures: Sendable {
    package let rowCount: Int
    package let columnCount: Int
    /// Column after column. A value is in bin b when it is at most bound b and above bound b − 1.
    let bins: [UInt8]
    /// Per column the bounds between its bins.
    let bounds: [[Float]]
    /// Per column whether a value is missing.
    let hasMissing: [Bool]

    /// The bin of a missing value.
    static let missing: UInt8 = 255
    private static let mostBins = 255
    /// Bounds are chosen by so many rows, evenly spread, at most.
    private static let mostSampled = 50_000

    package init(_ features: FeatureMatrix) {
        rowCount = features.rowCount
        columnCount = features.columnCount
        var (bins, bounds, hasMissing) = ([UInt8](repeating: 0, count: features.values.count), [[Float]](), [Bool]())
        let rows = rowCount
        features.values.withUnsafeBufferPointer { values in
            bins.withUnsafeMutableBufferPointer { bins in
                for column in 0..<features.columnCount {
                    let range = column * rows..<(column + 1) * rows
                    let values = UnsafeBufferPointer(rebasing: values[range])
                    bounds.append(Self.bounds(of: values))
                    hasMissing.append(
                        Self.fill(UnsafeMutableBufferPointer(rebasing: bins[range]), values, bounds[column]))
                }
            }
        }
        self.bins = bins
        self.bounds = bounds
        self.hasMissing = hasMissing
    }

    /// Between each two values if they are few, else so that bins hold about equally many rows.
    private static func bounds(of values: UnsafeBufferPointer<Float>) -> [Float] {
        let step = max(1, values.count / mostSampled)
        let known = stride(from: 0, to: values.count, by: step).map { values[$0] }.filter { !$0.isNaN }.sorted()
        var firsts: [Int] = []
        for place in known.indices where place == 0 || known[place] != known[place - 1] { firsts.append(place) }
        guard firsts.count > mostBins else {
            return firsts.dropFirst().map { between(known[$0 - 1], known[$0]) }
        }
        var (bounds, filled) = ([Float](), 0)
        for first in firsts.dropFirst() {
            let remaining = mostBins - bounds.count
            guard remaining > 1 else { break }
            if (first - filled) * remaining >= known.count - filled {
                bounds.append(between(known[first - 1], known[first]))
                filled = first
            }
        }
        return bounds
    }

    /// A number at least the lower and below the upper one, in their middle if there is one.
    static func between(_ lower: Float, _ upper: Float) -> Float {
        let middle = Float(Double(lower) / 2 + Double(upper) / 2)
        return middle.isFinite && middle >= lower && middle < upper ? middle : lower
    }

    /// Returns whether a value is missing.
    private static func fill(
        _ bins: UnsafeMutableBufferPointer<UInt8>, _ values: UnsafeBufferPointer<Float>, _ bounds: [Float]
    ) -> Bool {
        // Padded to a power of two, so that every search takes the same steps.
        var size = 1
        while size <= bounds.count { size *= 2 }
        let padded = bounds.map(ordered) + Array(repeating: Int64.max / 2, count: size - bounds.count)
        padded.withUnsafeBufferPointer { padded in
            for row in 0..<values.count {
                let value = ordered(values[row])
                var (place, half) = (0, size >> 1)
                while half > 0 {
                    // All ones where the bound is below the value: a branch would be guessed wrong half of the time.
                    let isBelow = Int(truncatingIfNeeded: (padded[place &+ half &- 1] &- value) >> 63)
                    place &+= half & isBelow
                    half >>= 1
                }
                bins[row] = UInt8(truncatingIfNeeded: place)
            }
        }
        return markMissing(bins, values)
    }

    /// A whole number that compares as the value does.
    @inline(__always)
    private static func ordered(_ value: Float) -> Int64 {
        let bits = Int32(bitPattern: (value + 0).bitPattern)
        return Int64(bits ^ (bits >> 31 & 0x7FFF_FFFF))
    }

    private static func markMissing(
        _ bins: UnsafeMutableBufferPointer<UInt8>, _ values: UnsafeBufferPointer<Float>
    ) -> Bool {
        var hasMissing = false
        for row in 0..<values.count where values[row].isNaN {
            bins[row] = missing
            hasMissing = true
        }
        return hasMissing
    }
}

/// Draws where a column parts a node's rows, instead of seeking the best place.
struct DrawnBound {
    /// Per row of the node its bin in the column last looked at.
    private(set) var bins: [UInt8] = []
    /// Whether a value is missing among them.
    private(set) var hasMissing = false

    /// The last bin that goes left: any from that of the least value on to the one before that of the greatest. When
    /// all known values share a bin it is theirs; nil when no value is known, or when there is nothing to part.
    mutating func draw(
        _ items: UnsafeBufferPointer<TreeItem>, _ column: Int, in binned: BinnedFeatures, _ random: inout RandomNumbers
    ) -> Int? {
        if bins.count < items.count { bins = Array(repeating: 0, count: items.count) }
        let start = column * binned.rowCount
        var (least, greatest, missing) = (UInt8.max, UInt8.min, false)
        bins.withUnsafeMutableBufferPointer { gathered in
            binned.bins.withUnsafeBufferPointer { bins in
                for place in 0..<items.count {
                    let bin = bins[start + Int(items[place].row)]
                    gathered[place] = bin
                    let isMissing = bin == BinnedFeatures.missing
                    missing = missing || isMissing
                    least = min(least, bin)
                    greatest = max(greatest, isMissing ? 0 : bin)
                }
            }
        }
        hasMissing = missing
        guard least != BinnedFeatures.missing else { return nil }
        if least < greatest { return Int(least) + random.below(Int(greatest) - Int(least)) }
        return missing ? Int(least) : nil
    }
}

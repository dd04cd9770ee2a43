import Foundation

/// Finds splits where one number per row tells all: a value, or which of two classes.
///
/// A sum holds weight, weight × target, and the number of rows.
struct ScalarHistogram {
    typealias Sum = SIMD4<Double>
    private var sums = Array(repeating: Sum(), count: 256)
    private var drawn = DrawnBound()

    static func total(_ items: UnsafeBufferPointer<TreeItem>) -> Sum {
        var total = Sum()
        for place in 0..<items.count {
            let weight = Double(items[place].weight)
            total += Sum(weight, weight * items[place].target, 1, 0)
        }
        return total
    }

    /// The best way to part the rows by one column; nil if there is none.
    mutating func split(
        _ items: UnsafeBufferPointer<TreeItem>, total: Sum, column: Int, in binned: BinnedFeatures,
        rules: SplitRules, random: inout RandomNumbers
    ) -> Split? {
        if rules.drawsBounds { return drawnSplit(items, total, column, binned, rules, &random) }
        let start = column * binned.rowCount
        return sums.withUnsafeMutableBufferPointer { sums in
            let occurring = binned.bins.withUnsafeBufferPointer { bins in
                Self.fill(sums, items, bins, start, binCount: binned.bounds[column].count + 1)
            }
            defer { Self.clear(sums, occurring) }
            var scan = Scan(total: total, missing: sums[Int(BinnedFeatures.missing)], rules: rules, column: column)
            scan.search(sums, occurring)
            return scan.best
        }
    }

    private mutating func drawnSplit(
        _ items: UnsafeBufferPointer<TreeItem>, _ total: Sum, _ column: Int, _ binned: BinnedFeatures,
        _ rules: SplitRules, _ random: inout RandomNumbers
    ) -> Split? {
        guard let last = drawn.draw(items, column, in: binned, &random) else { return nil }
        var (left, missing) = (Sum(), Sum())
        drawn.bins.withUnsafeBufferPointer { bins in
            for place in 0..<items.count {
                let weight = Double(items[place].weight)
                let goesLeft = Int(bins[place]) <= last
                left += goesLeft ? Sum(weight, weight * items[place].target, 1, 0) : Sum()
            }
            guard drawn.hasMissing else { return }
            for place in 0..<items.count where bins[place] == BinnedFeatures.missing {
                let weight = Double(items[place].weight)
                missing += Sum(weight, weight * items[place].target, 1, 0)
            }
        }
        var scan = Scan(total: total, missing: missing, rules: rules, column: column)
        scan.weigh(left, last: last, next: last + 1)
        return scan.best
    }

    @inline(__always)
    private static func fill(
        _ sums: UnsafeMutableBufferPointer<Sum>, _ items: UnsafeBufferPointer<TreeItem>,
        _ bins: UnsafeBufferPointer<UInt8>, _ start: Int, binCount: Int
    ) -> BinSet {
        var occurring = BinSet()
        let isSmall = items.count < 512
        if !isSmall { occurring.insertAll(below: binCount) }
        for place in 0..<items.count {
            let item = items[place]
            let bin = Int(bins[start + Int(item.row)])
            let weight = Double(item.weight)
            sums[bin] += Sum(weight, weight * item.target, 1, 0)
            if isSmall { occurring.insert(bin) }
        }
        return occurring
    }

    @inline(__always)
    private static func clear(_ sums: UnsafeMutableBufferPointer<Sum>, _ occurring: BinSet) {
        var next = occurring.first(from: 0)
        while let bin = next {
            sums[bin] = Sum()
            next = occurring.first(from: bin + 1)
        }
        sums[Int(BinnedFeatures.missing)] = Sum()
    }

    /// One walk over a column's bins.
    private struct Scan {
        let total: Sum
        let missing: Sum
        let rules: SplitRules
        let column: Int
        var best: Split?

        @inline(__always)
        mutating func search(_ sums: UnsafeMutableBufferPointer<Sum>, _ occurring: BinSet) {
            var left = Sum()
            var next = occurring.first(from: 0)
            while let bin = next, bin < Int(BinnedFeatures.missing) {
                left += sums[bin]
                let following = occurring.first(from: bin + 1)
                weigh(left, last: bin, next: following)
                next = following
            }
        }

        /// Weighs a split after bin `last`, with missing values on either side.
        @inline(__always)
        mutating func weigh(_ left: Sum, last: Int, next: Int?) {
            consider(left, last: last, next: next, missingGoesLeft: missing.z == 0 && left.x * 2 >= total.x)
            if missing.z > 0 { consider(left + missing, last: last, next: next, missingGoesLeft: true) }
        }

        @inline(__always)
        private mutating func consider(_ left: Sum, last: Int, next: Int?, missingGoesLeft: Bool) {
            let right = total - left
            let least = Double(rules.minSamplesLeaf)
            guard left.z >= least, right.z >= least, left.x > 0, right.x > 0 else { return }
            let score =
                rules.usesEntropy ? Self.order(left) + Self.order(right) : Self.square(left) + Self.square(right)
            guard score > best?.score ?? -.infinity else { return }
            let end = next.map { min($0, Int(BinnedFeatures.missing)) } ?? last + 1
            let bin = end < Int(BinnedFeatures.missing) ? (last + end - 1) / 2 : last
            best = Split(column: column, bin: bin, missingGoesLeft: missingGoesLeft, score: score)
        }

        /// What lowers the squared error, and Gini's impurity of two classes alike.
        @inline(__always)
        private static func square(_ sum: Sum) -> Double { sum.y * sum.y / sum.x }

        /// Weight × negative entropy of two classes.
        private static func order(_ sum: Sum) -> Double {
            let (ones, noughts) = (sum.y, sum.x - sum.y)
            return (ones > 0 ? ones * log(ones / sum.x) : 0) + (noughts > 0 ? noughts * log(noughts / sum.x) : 0)
        }
    }
}

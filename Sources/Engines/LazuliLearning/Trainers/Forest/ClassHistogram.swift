import Foundation

/// Finds splits between three classes or more.
///
/// A sum holds the weight of each class, then the number of rows.
struct ClassHistogram {
    let classes: Int
    private let width: Int
    private var sums: [Double]
    private var left: [Double]
    private var right: [Double]
    private var drawn = DrawnBound()

    init(classes: Int) {
        self.classes = classes
        width = classes + 1
        sums = Array(repeating: 0, count: 256 * width)
        left = Array(repeating: 0, count: width)
        right = left
    }

    func total(_ items: UnsafeBufferPointer<TreeItem>) -> [Double] {
        var total = Array(repeating: 0.0, count: width)
        for place in 0..<items.count { total[Int(items[place].target)] += Double(items[place].weight) }
        total[classes] = Double(items.count)
        return total
    }

    /// The best way to part the rows by one column; nil if there is none.
    mutating func split(
        _ items: UnsafeBufferPointer<TreeItem>, total: [Double], column: Int, in binned: BinnedFeatures,
        rules: SplitRules, random: inout RandomNumbers
    ) -> Split? {
        for place in 0..<width { left[place] = 0 }
        if rules.drawsBounds { return drawnSplit(items, total, column, binned, rules, &random) }
        let occurring = fill(items, binned, column)
        defer { clear(occurring) }
        var best: Split?
        var next = occurring.first(from: 0)
        while let bin = next, bin < Int(BinnedFeatures.missing) {
            next = occurring.first(from: bin + 1)
            add(bin, 1)
            let end = min(next ?? bin + 1, Int(BinnedFeatures.missing))
            let bound = end < Int(BinnedFeatures.missing) ? (bin + end - 1) / 2 : bin
            weigh(bound, total, column, rules, into: &best)
        }
        return best
    }

    private mutating func drawnSplit(
        _ items: UnsafeBufferPointer<TreeItem>, _ total: [Double], _ column: Int, _ binned: BinnedFeatures,
        _ rules: SplitRules, _ random: inout RandomNumbers
    ) -> Split? {
        guard let last = drawn.draw(items, column, in: binned, &random) else { return nil }
        let missing = Int(BinnedFeatures.missing) * width
        defer { for place in missing..<missing + width { sums[place] = 0 } }
        for place in 0..<items.count {
            let (bin, one) = (drawn.bins[place], Int(items[place].target))
            if Int(bin) <= last {
                left[one] += Double(items[place].weight)
                left[classes] += 1
            } else if bin == BinnedFeatures.missing {
                sums[missing + one] += Double(items[place].weight)
                sums[missing + classes] += 1
            }
        }
        var best: Split?
        weigh(last, total, column, rules, into: &best)
        return best
    }

    /// Weighs the split whose left rows `left` holds, with missing values on either side.
    private mutating func weigh(
        _ bound: Int, _ total: [Double], _ column: Int, _ rules: SplitRules, into best: inout Split?
    ) {
        let missing = Int(BinnedFeatures.missing)
        let hasMissing = sums[missing * width + classes] > 0
        if let score = score(total, rules), score > best?.score ?? -.infinity {
            let goesLeft = !hasMissing && left[classes] * 2 >= total[classes]
            best = Split(column: column, bin: bound, missingGoesLeft: goesLeft, score: score)
        }
        guard hasMissing else { return }
        add(missing, 1)
        if let score = score(total, rules), score > best?.score ?? -.infinity {
            best = Split(column: column, bin: bound, missingGoesLeft: true, score: score)
        }
        add(missing, -1)
    }

    private mutating func fill(
        _ items: UnsafeBufferPointer<TreeItem>, _ binned: BinnedFeatures, _ column: Int
    ) -> BinSet {
        var occurring = BinSet()
        let (start, width, classes) = (column * binned.rowCount, width, classes)
        sums.withUnsafeMutableBufferPointer { sums in
            binned.bins.withUnsafeBufferPointer { bins in
                for place in 0..<items.count {
                    let item = items[place]
                    let bin = Int(bins[start + Int(item.row)])
                    occurring.insert(bin)
                    sums[bin * width + Int(item.target)] += Double(item.weight)
                    sums[bin * width + classes] += 1
                }
            }
        }
        return occurring
    }

    private mutating func clear(_ occurring: BinSet) {
        let width = width
        sums.withUnsafeMutableBufferPointer { sums in
            var next = occurring.first(from: 0)
            while let bin = next {
                for place in bin * width..<(bin + 1) * width { sums[place] = 0 }
                next = occurring.first(from: bin + 1)
            }
        }
    }

    private mutating func add(_ bin: Int, _ sign: Double) {
        let width = width
        left.withUnsafeMutableBufferPointer { left in
            sums.withUnsafeBufferPointer { sums in
                for place in 0..<width { left[place] += sign * sums[bin * width + place] }
            }
        }
    }

    /// How pure both sides are; nil when one is too small.
    private mutating func score(_ total: [Double], _ rules: SplitRules) -> Double? {
        let (classes, least) = (classes, Double(rules.minSamplesLeaf))
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
                for place in 0...classes { right[place] = total[place] - left[place] }
                guard left[classes] >= least, right[classes] >= least else { return nil }
                let sides = (
                    UnsafeBufferPointer(rebasing: left[..<classes]), UnsafeBufferPointer(rebasing: right[..<classes])
                )
                guard let one = Self.purity(sides.0, rules), let other = Self.purity(sides.1, rules) else { return nil }
                return one + other
            }
        }
    }

    private static func purity(_ weights: UnsafeBufferPointer<Double>, _ rules: SplitRules) -> Double? {
        var (total, purity) = (0.0, 0.0)
        for one in 0..<weights.count { total += weights[one] }
        guard total > 0 else { return nil }
        if rules.usesEntropy {
            for one in 0..<weights.count where weights[one] > 0 { purity += weights[one] * log(weights[one] / total) }
            return purity
        }
        for one in 0..<weights.count { purity += weights[one] * weights[one] }
        return purity / total
    }
}

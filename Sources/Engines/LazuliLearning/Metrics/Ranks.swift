/// The places of values in their order, equal ones sharing their mean place, measured from the mean of all places.
struct Ranks {
    private var ranks: [Double]
    private var others: [Double]
    private let spread: Double

    init(of values: [Double], _ ranking: inout Ranking) {
        var ranks = Array(repeating: 0.0, count: values.count)
        spread = values.withUnsafeBufferPointer { values in
            ranks.withUnsafeMutableBufferPointer { Self.rank(values, into: $0, &ranking) }
        }
        self.ranks = ranks
        others = ranks
    }

    /// Spearman's correlation; nil when either side's values are all the same.
    mutating func correlation(with values: UnsafeBufferPointer<Double>, _ ranking: inout Ranking) -> Double? {
        others.withUnsafeMutableBufferPointer { others in
            let otherSpread = Self.rank(values, into: others, &ranking)
            guard spread > 0, otherSpread > 0 else { return nil }
            var product = 0.0
            for row in 0..<others.count { product += ranks[row] * others[row] }
            return product / (spread * otherSpread).squareRoot()
        }
    }

    /// Returns the sum of the squared ranks.
    private static func rank(
        _ values: UnsafeBufferPointer<Double>, into ranks: UnsafeMutableBufferPointer<Double>,
        _ ranking: inout Ranking
    ) -> Double {
        let middle = Double(values.count - 1) / 2
        return ranking.withRows(count: values.count, score: { values[$0] }) { rows in
            var (start, spread) = (0, 0.0)
            while start < rows.count {
                var end = start + 1
                while end < rows.count, values[rows[end]] == values[rows[start]] { end += 1 }
                let rank = Double(start + end - 1) / 2 - middle
                for place in start..<end { ranks[rows[place]] = rank }
                spread += Double(end - start) * rank * rank
                start = end
            }
            return spread
        }
    }
}

extension NeighbourModel {
    /// What the nearest remembered rows say of each row: shares of the classes, or the mean value.
    func votes(over features: FeatureMatrix) -> Predictions {
        let nearest = min(neighbours, targets.count)
        var votes = Array(repeating: 0.0, count: features.rowCount * task.width)
        guard nearest > 0 else { return Predictions(width: task.width, values: votes) }
        let packs = RowPacks(rows, features: self.features, count: targets.count)
        votes.withUnsafeMutableBufferPointer { votes in
            var found = NearestRows(most: nearest, rows: 256)
            features.forEachBlock { block, rows in
                found.search(packs, for: block, rows: rows.count)
                for row in 0..<rows.count {
                    let place = (rows.lowerBound + row) * task.width
                    vote(
                        found.distances(row), found.rows(row),
                        UnsafeMutableBufferPointer(rebasing: votes[place..<place + task.width]))
                }
            }
        }
        return Predictions(width: task.width, values: votes)
    }

    /// Squared distances up to this count as none.
    static let samePlace: Float = 1e-12

    /// Rows at no distance outvote all others when nearer rows count more.
    private func vote(
        _ distances: ArraySlice<Float>, _ rows: ArraySlice<Int32>, _ votes: UnsafeMutableBufferPointer<Double>
    ) {
        let isExact = distances.first.map { $0 <= Self.samePlace } ?? false
        var total = 0.0
        for (distance, row) in zip(distances, rows) {
            let weight =
                !weighsByDistance
                ? 1
                : isExact ? (distance <= Self.samePlace ? 1 : 0) : max(1 / Double(distance).squareRoot(), 1e-300)
            let target = targets[Int(row)]
            switch task {
            case .classification: votes[Int(target)] += weight
            case .regression: votes[0] += weight * target
            }
            total += weight
        }
        for output in 0..<votes.count { votes[output] /= total }
    }
}

/// Remembered rows, eight side by side, so that eight distances are computed as one.
private struct RowPacks {
    let features: Int
    /// Pack after pack, in each the eight values of every feature.
    let values: [SIMD8<Float>]
    let count: Int

    /// The last pack is filled up with rows that are infinitely far away.
    init(_ rows: [Float], features: Int, count: Int) {
        self.features = features
        self.count = (count + 7) / 8
        var values = Array(repeating: SIMD8<Float>(repeating: .infinity), count: self.count * features)
        for row in 0..<count {
            for feature in 0..<features {
                values[row / 8 * features + feature][row % 8] = rows[row * features + feature]
            }
        }
        self.values = values
    }
}

/// For each of some rows the nearest ones found so far, nearest first, by squared distance.
private struct NearestRows {
    private let most: Int
    private var distances: [Float]
    private var found: [Int32]

    init(most: Int, rows: Int) {
        self.most = most
        distances = Array(repeating: .infinity, count: most * rows)
        found = Array(repeating: 0, count: most * rows)
    }

    /// Forgets what was found, and compares the rows of a block with all packs, so many packs at a time as stay in the
    /// processor's cache.
    mutating func search(_ packs: RowPacks, for block: UnsafeBufferPointer<Float>, rows: Int) {
        for place in distances.indices { (distances[place], found[place]) = (.infinity, 0) }
        let atOnce = max(1, 512 / max(1, packs.features))
        packs.values.withUnsafeBufferPointer { values in
            var first = 0
            while first < packs.count {
                let last = min(first + atOnce, packs.count)
                for row in 0..<rows { compare(row, block, values, first..<last, packs.features) }
                first = last
            }
        }
    }

    @inline(__always)
    private mutating func compare(
        _ row: Int, _ block: UnsafeBufferPointer<Float>, _ values: UnsafeBufferPointer<SIMD8<Float>>,
        _ packs: Range<Int>, _ features: Int
    ) {
        var farthest = distances[row * most + most - 1]
        for pack in packs {
            // Added in double precision, so that the exported graph, which adds in another order, finds the same numbers.
            var exact = SIMD8<Double>()
            for feature in 0..<features {
                let apart =
                    SIMD8<Double>(values[pack * features + feature]) - Double(block[row * features + feature])
                exact += apart * apart
            }
            let sums = SIMD8<Float>(exact)
            guard any(sums .< farthest) else { continue }
            for lane in 0..<8 where sums[lane] < farthest {
                insert(pack * 8 + lane, sums[lane], for: row)
                farthest = distances[row * most + most - 1]
            }
        }
    }

    private mutating func insert(_ candidate: Int, _ distance: Float, for row: Int) {
        var place = row * most + most - 1
        while place > row * most, distances[place - 1] > distance {
            distances[place] = distances[place - 1]
            found[place] = found[place - 1]
            place -= 1
        }
        distances[place] = distance
        found[place] = Int32(candidate)
    }

    func distances(_ row: Int) -> ArraySlice<Float> { distances[row * most..<(row + 1) * most] }
    func rows(_ row: Int) -> ArraySlice<Int32> { found[row * most..<(row + 1) * most] }
}

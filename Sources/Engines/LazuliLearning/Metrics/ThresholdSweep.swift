/// How many positives and negatives a threshold lets through, as it falls from the highest score to the lowest.
enum ThresholdSweep {
    /// The areas under two curves.
    struct Areas: Equatable {
        /// Under the receiver operating characteristic; nil without positives or without negatives.
        var roc: Double?
        /// The mean of the precisions, each weighted by the recall it gains; nil without positives.
        var averagePrecision: Double?
    }

    /// What a threshold lets through.
    struct Step: Equatable {
        var threshold: Double
        var truePositives: Double
        var falsePositives: Double
    }

    @inline(__always)
    static func areas(
        _ rows: RankedRows, score: (Int) -> Double, weight: (Int) -> Double,
        isPositive: (Int) -> Bool
    ) -> Areas {
        var (positives, negatives) = (0.0, 0.0)
        var (area, precisions) = (0.0, 0.0)
        forEachStep(rows, score: score, weight: weight, isPositive: isPositive) { step in
            let gained = step.truePositives - positives
            area += (step.falsePositives - negatives) * (positives + step.truePositives) / 2
            if gained > 0 { precisions += gained * step.truePositives / (step.truePositives + step.falsePositives) }
            (positives, negatives) = (step.truePositives, step.falsePositives)
        }
        return Areas(
            roc: positives > 0 && negatives > 0 ? area / positives / negatives : nil,
            averagePrecision: positives > 0 ? precisions / positives : nil)
    }

    /// Visits each distinct score once.
    @inline(__always)
    static func forEachStep(
        _ rows: RankedRows, score: (Int) -> Double, weight: (Int) -> Double,
        isPositive: (Int) -> Bool, _ visit: (Step) -> Void
    ) {
        let count = rows.count
        var (positives, negatives) = (0.0, 0.0)
        var place = 0
        while place < count {
            let threshold = score(rows[count - 1 - place])
            while place < count {
                let row = rows[count - 1 - place]
                guard score(row) == threshold else { break }
                if isPositive(row) { positives += weight(row) } else { negatives += weight(row) }
                place += 1
            }
            visit(Step(threshold: threshold, truePositives: positives, falsePositives: negatives))
        }
    }

    /// The areas of one class against the rest where scores that are equal in single precision count as ties: several
    /// times as fast, and right to about a millionth.
    @inline(__always)
    static func roughAreas(
        _ rows: RankedRows, classes: UnsafeBufferPointer<UInt16>, positive: UInt16, weights: [Double]?
    ) -> Areas {
        var (positives, negatives) = (0.0, 0.0)
        var (area, precisions) = (0.0, 0.0)
        var place = rows.count - 1
        while place >= 0 {
            let key = rows.key(place)
            var (gained, missed) = (0.0, 0.0)
            repeat {
                let row = rows[place]
                let weight = weights?[row] ?? 1
                let hit: Double = classes[row] == positive ? 1 : 0
                gained += hit * weight
                missed += (1 - hit) * weight
                place -= 1
            } while place >= 0 && rows.key(place) == key
            area += missed * (positives + gained / 2)
            positives += gained
            negatives += missed
            if gained > 0 { precisions += gained * positives / (positives + negatives) }
        }
        return Areas(
            roc: positives > 0 && negatives > 0 ? area / positives / negatives : nil,
            averagePrecision: positives > 0 ? precisions / positives : nil)
    }
}

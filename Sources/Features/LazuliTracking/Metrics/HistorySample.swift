/// Thins a metric's history out for charts: an even choice of its points that keeps the first, the last, the highest
/// and the lowest.
enum HistorySample {
    /// - Parameters:
    ///   - points: in the order of their steps.
    ///   - limit: how many points may stay, at least 1.
    static func of(_ points: [MetricPoint], limit: Int) -> [MetricPoint] {
        guard points.count > limit else { return points }
        guard limit > 1 else { return [points[points.count - 1]] }
        var chosen = firstsOfEvenParts(points.count, parts: limit)
        chosen[chosen.count - 1] = points.count - 1
        for extreme in [points.indices.max { points[$0] < points[$1] }, points.indices.min { points[$0] < points[$1] }]
        {
            guard let extreme, !chosen.contains(extreme) else { continue }
            let part = (chosen.firstIndex { $0 > extreme } ?? chosen.count) - 1
            if part > 0, part < chosen.count - 1 { chosen[part] = extreme }
        }
        return chosen.sorted().map { points[$0] }
    }

    /// Where each of so many parts begins, the larger parts first, as SQL's NTILE divides.
    private static func firstsOfEvenParts(_ count: Int, parts: Int) -> [Int] {
        let size = count / parts, larger = count % parts
        return (0..<parts).map { $0 * size + min($0, larger) }
    }
}

extension MetricPoint {
    /// By value; NaN is neither high nor low.
    fileprivate static func < (left: MetricPoint, right: MetricPoint) -> Bool { left.value < right.value }
}

extension Curve {
    /// The mean of several curves: its height at 101 places, evenly spread from 0 to 1.
    ///
    /// - Parameter weights: how much each curve counts.
    static func mean(_ name: String, of curves: [Curve], weights: [Double]) -> Curve {
        let total = weights.reduce(0, +)
        var mean = Curve(name: name)
        guard total > 0 else { return mean }
        var walks = curves.map { CurveWalk($0) }
        for step in 0...100 {
            let x = Double(step) / 100
            var height = 0.0
            for (place, weight) in weights.enumerated() { height += weight * walks[place].height(at: x) }
            mean.append(x, height / total)
        }
        return mean
    }
}

/// Reads a curve's height at rising places, straight between its points.
private struct CurveWalk {
    private let curve: Curve
    /// The last point that is not beyond the place; −1 for none.
    private var place = -1

    init(_ curve: Curve) { self.curve = curve }

    mutating func height(at x: Double) -> Double {
        while place + 1 < curve.x.count, curve.x[place + 1] <= x { place += 1 }
        guard place >= 0 else { return curve.y.first ?? 0 }
        guard place + 1 < curve.x.count else { return curve.y[place] }
        let share = (x - curve.x[place]) / (curve.x[place + 1] - curve.x[place])
        return curve.y[place] + share * (curve.y[place + 1] - curve.y[place])
    }
}

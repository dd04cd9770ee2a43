import Foundation

/// A range of values, with round numbers to mark in it.
struct AxisScale {
    let lower: Double
    let upper: Double
    let ticks: [Double]
    private let step: Double

    /// - Parameters:
    ///   - isRounded: whether the range is widened to whole steps.
    ///   - marks: about how many ticks there shall be.
    init(_ range: ClosedRange<Double>, isRounded: Bool = true, marks: Int = 5) {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        // A range that is a single number, or that differs by nothing but rounding.
        let least = max(abs(lower), abs(upper)) * 1e-9
        if !(upper - lower > max(least, .leastNormalMagnitude * 1e10)) {
            let half = max(abs(lower) / 10, lower == 0 ? 1 : least)
            (lower, upper) = (lower - half, upper + half)
        }
        step = Self.roundStep((upper - lower) / Double(marks))
        if isRounded {
            lower = (lower / step + 1e-9).rounded(.down) * step
            upper = (upper / step - 1e-9).rounded(.up) * step
        }
        let first = Int((lower / step - 1e-9).rounded(.up)), last = Int((upper / step + 1e-9).rounded(.down))
        let step = step
        ticks = first <= last ? (first...last).map { Double($0) * step } : []
        (self.lower, self.upper) = (lower, upper)
    }

    static let share = AxisScale(0...1)

    /// 1, 2 or 5 times a power of ten, at least the length wished for.
    private static func roundStep(_ wish: Double) -> Double {
        let power = pow(10, log10(wish).rounded(.down))
        return ([1, 2, 5].first { $0 * power >= wish * (1 - 1e-9) } ?? 10) * power
    }

    /// From 0 to 1 within the range.
    func place(_ value: Double) -> Double { (value - lower) / (upper - lower) }

    private static let units: [(factor: Double, sign: String)] = [(1e9, "G"), (1e6, "M"), (1e3, "k")]

    func label(_ tick: Double) -> String {
        let most = max(abs(lower), abs(upper))
        guard most < 1e12, step > 1e-5 else { return tick == 0 ? "0" : String(format: "%.4g", tick) }
        let unit = Self.units.first { most >= $0.factor * 10 || (most >= $0.factor && $0.factor > 1e3) }
        let factor = unit?.factor ?? 1
        let digits = max(0, Int((-log10(step / factor * 1.0001)).rounded(.up)))
        let text = String(format: "%.\(min(digits, 6))f", tick / factor)
        return (Double(text) == 0 ? "0" : text.replacingOccurrences(of: "-", with: "−"))
            + (tick == 0 ? "" : unit?.sign ?? "")
    }
}

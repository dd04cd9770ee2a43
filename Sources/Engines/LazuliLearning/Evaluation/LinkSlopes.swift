import Foundation

/// Takes what features add to the raw outputs of a model to what they add to its prediction.
///
/// An exponential lies between two points like the line with the logarithmic mean of its values there as slope. With these
/// slopes in place of its derivatives the link becomes linear, and what the features add still adds up to exactly the
/// difference of the two predictions.
struct LinkSlopes {
    private enum Form {
        case straight
        /// A slope for the one output.
        case exponential(Double)
        /// Slopes of the exponentials that are divided by their sum; with a raw output less than there are classes, that of
        /// the first class stays 0.
        case shares([Double], total: Double)
    }

    private let form: Form
    /// Numbers per prediction.
    let width: Int

    static func exist(of link: Link) -> Bool { link != .oneVersusRest }

    /// - Parameter base: the raw outputs that the features' parts are added to, `raw` those that they add up to.
    /// - Precondition: `exist(of: link)`.
    init(_ link: Link, base: [Double], raw: [Double]) {
        width = link.width(of: raw.count)
        switch link {
        case .identity, .oneVersusRest: form = .straight
        case .exponential: form = .exponential(Self.slope(base[0], raw[0]))
        case .logistic: form = Self.shares([0] + base, [0] + raw)
        case .softmax: form = Self.shares(base, raw)
        }
    }

    private static func shares(_ base: [Double], _ raw: [Double]) -> Form {
        let (before, after) = (logarithmOfSum(base), logarithmOfSum(raw))
        let slopes = zip(base, raw).map { slope($0 - before, $1 - after) }
        return .shares(slopes, total: slopes.reduce(0, +))
    }

    /// The logarithm of the exponentials' sum.
    private static func logarithmOfSum(_ values: [Double]) -> Double {
        let most = values.max() ?? 0
        return most + log(values.reduce(0) { $0 + exp($1 - most) })
    }

    /// (exp b − exp a) / (b − a)
    private static func slope(_ a: Double, _ b: Double) -> Double {
        let (least, most) = (min(a, b), max(a, b))
        return most > least ? exp(most) * -expm1(least - most) / (most - least) : exp(most)
    }

    /// Adds what a feature adds to the prediction, times `weight`, to `width` numbers of `target`.
    ///
    /// - Parameter parts: what it adds to each raw output.
    func add(_ parts: ArraySlice<Double>, times weight: Double, to target: inout [Double], from first: Int) {
        switch form {
        case .straight:
            for (place, part) in parts.enumerated() { target[first + place] += weight * part }
        case .exponential(let slope):
            for part in parts { target[first] += weight * slope * part }
        case .shares(let slopes, let total):
            let skipped = slopes.count - parts.count
            var rise = 0.0
            for (place, part) in parts.enumerated() { rise += slopes[skipped + place] * part }
            rise = total > 0 ? rise / total : 0
            for place in slopes.indices {
                let part = place < skipped ? 0 : parts[parts.startIndex + place - skipped]
                target[first + place] += weight * slopes[place] * (part - rise)
            }
        }
    }
}

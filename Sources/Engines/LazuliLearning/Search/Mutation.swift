import Glibc
import LazuliResources

/// Variations of candidates that did well.
struct Mutation: Sendable {
    private var random: RandomNumbers

    init(seed: UInt64) { random = RandomNumbers(seed: seed ^ 0x4D75_7461_7465) }

    /// A parameter's bounds, and how far a step goes on its logarithm.
    private struct Range {
        let least: Double
        let most: Double
        let step: Double
        var isInteger = false
    }

    private static let ranges: [String: [String: Range]] = [
        "LightGBM": [
            "num_leaves": Range(least: 4, most: 255, step: 0.7, isInteger: true),
            "learning_rate": Range(least: 0.01, most: 0.3, step: 0.4),
            "min_data_in_leaf": Range(least: 1, most: 200, step: 0.8, isInteger: true),
            "feature_fraction": Range(least: 0.2, most: 1, step: 0.3),
            "bagging_fraction": Range(least: 0.4, most: 1, step: 0.2),
            "lambda_l2": Range(least: 0.001, most: 100, step: 1.5),
        ],
        "XGBoost": [
            "max_depth": Range(least: 3, most: 12, step: 0.3, isInteger: true),
            "learning_rate": Range(least: 0.01, most: 0.3, step: 0.4),
            "min_child_weight": Range(least: 0.1, most: 100, step: 0.8),
            "subsample": Range(least: 0.4, most: 1, step: 0.2),
            "colsample_bynode": Range(least: 0.2, most: 1, step: 0.3),
            "reg_lambda": Range(least: 0.001, most: 100, step: 1.5),
        ],
        "ExtremeRandomTrees": forest,
        "RandomForest": forest,
        "KNN": ["neighbours": Range(least: 1, most: 100, step: 0.8, isInteger: true)],
        "NeuralNetwork": [
            "dropout": Range(least: 0.01, most: 0.6, step: 0.4),
            "inputDropout": Range(least: 0.02, most: 0.4, step: 0.4),
        ],
    ]
    private static let forest = [
        "minSamplesLeaf": Range(least: 1, most: 30, step: 0.7, isInteger: true),
        "maxFeatures": Range(least: 0.1, most: 1, step: 0.4),
    ]

    private static func ranges(of candidate: Candidate) -> [String: Range]? {
        candidate.algorithm.hasPrefix("XGBoost") ? ranges["XGBoost"] : ranges[candidate.algorithm]
    }

    static func applies(to candidate: Candidate) -> Bool { ranges(of: candidate) != nil }

    /// One of the first few, the earlier the likelier.
    mutating func parent(among sorted: [Contender]) -> Contender? {
        guard !sorted.isEmpty else { return nil }
        let place = Int(random.unit() * random.unit() * Double(min(4, sorted.count)))
        return sorted[place]
    }

    /// Whether the parent is to be looked for among the members of the ensemble, instead of among the best.
    mutating func asksForMember() -> Bool { random.unit() < 0.6 }

    private static let tries = 5

    /// - Parameter others: what was tried; it is not tried again as long as something else is found.
    mutating func variation(of candidate: Candidate, besides others: [Candidate]) -> Candidate {
        var varied = variation(of: candidate)
        for _ in 0..<Self.tries where others.contains(varied) { varied = variation(of: candidate) }
        return varied
    }

    private mutating func variation(of candidate: Candidate) -> Candidate {
        var varied = candidate
        for (name, range) in (Self.ranges(of: candidate) ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let value = candidate.parameters[name].number, random.unit() < 0.6 else { continue }
            let moved = min(range.most, max(range.least, value * exp(range.step * random.normal())))
            varied.parameters[name] = range.isInteger ? JSON(Int(moved.rounded())) : .number(rounded(moved))
        }
        return varied
    }

    /// Four digits: parameters are shown to people.
    private func rounded(_ value: Double) -> Double {
        let unit = pow(10, (log10(value)).rounded(.down) - 3)
        return (value / unit).rounded() * unit
    }
}

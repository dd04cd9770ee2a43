import Glibc

/// What a LightGBM model makes of the sum of its trees.
package enum LightGBMObjective: Equatable, Sendable {
    case identity
    case sigmoid(Double)
    case softmax
    case exponential

    private static let plain: Set = [
        "regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank", "rank_xendcg",
    ]

    /// - Parameter text: the line `objective=` of the model; nil if it has none.
    init?(_ text: String?) {
        let words = text?.split(separator: " ").map(String.init) ?? []
        guard let name = words.first else {
            self = .identity
            return
        }
        let options = words.dropFirst()
        switch name {
        case "binary":
            let steepness = options.first { $0.hasPrefix("sigmoid:") }.flatMap { Double($0.dropFirst(8)) }
            self = .sigmoid(steepness ?? 1)
        case "cross_entropy": self = .sigmoid(1)
        case "multiclass": self = .softmax
        case "poisson", "gamma", "tweedie": self = .exponential
        // `regression sqrt` squares its sum.
        case _ where Self.plain.contains(name) && !options.contains("sqrt"): self = .identity
        default: return nil
        }
    }

    package func transform(_ sums: UnsafeMutablePointer<Double>, _ width: Int) {
        switch self {
        case .identity: break
        case .sigmoid(let steepness): sums[0] = 1 / (1 + exp(-steepness * sums[0]))
        case .exponential: sums[0] = exp(sums[0])
        case .softmax: Softmax.apply(sums, width)
        }
    }
}

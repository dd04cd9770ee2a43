import Glibc

/// What an XGBoost model makes of the sum of its trees, and of its base score before them.
package enum XGBoostObjective: Equatable, Sendable {
    case identity
    case logistic
    case exponential
    case softmax

    private static let plain: Set = [
        "reg:squarederror", "reg:linear", "reg:absoluteerror", "reg:pseudohubererror", "reg:squaredlogerror",
        "binary:logitraw", "rank:pairwise", "rank:ndcg", "rank:map",
    ]

    init?(_ name: String) {
        switch name {
        case "binary:logistic", "reg:logistic": self = .logistic
        case "count:poisson", "reg:gamma", "reg:tweedie": self = .exponential
        case "multi:softprob": self = .softmax
        case _ where Self.plain.contains(name): self = .identity
        default: return nil
        }
    }

    /// The base score as the trees' sums are measured.
    func margin(of score: Double) -> Double {
        switch self {
        case .identity, .softmax: score
        case .logistic: -log(1 / score - 1)
        case .exponential: log(score)
        }
    }

    package func transform(_ sums: UnsafeMutablePointer<Double>, _ width: Int) {
        switch self {
        case .identity: break
        case .logistic: sums[0] = 1 / (1 + exp(-sums[0]))
        case .exponential: sums[0] = exp(sums[0])
        case .softmax: Softmax.apply(sums, width)
        }
    }
}

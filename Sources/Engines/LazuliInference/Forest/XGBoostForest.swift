import Glibc
import LazuliResources

/// An XGBoost model, evaluated without XGBoost.
///
/// Sums are kept in double precision, where XGBoost adds in single: results agree to the rounding of the latter.
final class XGBoostForest: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "Lazuli's own tree evaluator"
    private let forest: Forest
    private let objective: XGBoostObjective
    private let start: [Double]
    private var rows = GrowingDoubles()
    private var sums = GrowingDoubles()

    /// - Returns: nil for a model of a kind we do not evaluate: other boosters, categories, rare objectives.
    init?(_ document: XGBoostDocument) {
        guard let trees = XGBoostTrees(document), let forest = Forest(trees.draft, features: document.featureCount)
        else {
            return nil
        }
        self.forest = forest
        objective = trees.objective
        start = trees.start
        inputs = [TensorSpec(name: "input", type: .float32, shape: [-1, document.featureCount])]
        outputs = [TensorSpec(name: "output", type: .float32, shape: forest.width == 1 ? [-1] : [-1, forest.width])]
    }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        let count = inputs[0].shape[0], width = forest.width, output = outputs[0]
        let singles = inputs[0].elements(as: Float.self), values = rows.zeros(inputs[0].count)
        for index in 0..<inputs[0].count { values[index] = Double(singles[index]) }
        let totals = sums.zeros(count * width)
        forest.add(rows: values, count: count, to: totals)
        output.shape = width == 1 ? [count] : [count, width]
        output.reserve(count * width)
        let results = output.elements(as: Float.self)
        for row in 0..<count {
            let own = totals + row * width
            for target in 0..<width { own[target] += start[target] }
            objective.transform(own, width)
            for target in 0..<width { results[row * width + target] = Float(own[target]) }
        }
    }
}

/// What a model makes of the sum of its trees, and of its base score before them.
enum XGBoostObjective: Equatable {
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

    func transform(_ sums: UnsafeMutablePointer<Double>, _ width: Int) {
        switch self {
        case .identity: break
        case .logistic: sums[0] = 1 / (1 + exp(-sums[0]))
        case .exponential: sums[0] = exp(sums[0])
        case .softmax: LightGBMObjective.softmax.transform(sums, width)
        }
    }
}

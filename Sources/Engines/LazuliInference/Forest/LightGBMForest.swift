import Glibc

/// A LightGBM text model, evaluated without LightGBM.
final class LightGBMForest: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "Lazuli's own tree evaluator"
    private let forest: Forest
    private let objective: LightGBMObjective

    /// - Returns: nil for a model of a kind we do not evaluate: linear leaves, averages, rare objectives.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= LightGBMTrees.largestFile, let model = LightGBMTrees(bytes),
            let forest = Forest(model.draft, features: model.featureCount)
        else { return nil }
        self.forest = forest
        objective = model.objective
        inputs = [TensorSpec(name: "input", type: .float64, shape: [-1, model.featureCount])]
        outputs = [TensorSpec(name: "output", type: .float64, shape: forest.width == 1 ? [-1] : [-1, forest.width])]
    }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        let rows = inputs[0].shape[0], width = forest.width, output = outputs[0]
        output.shape = width == 1 ? [rows] : [rows, width]
        output.reserve(rows * width)
        let sums = output.elements(as: Double.self)
        sums.update(repeating: 0, count: rows * width)
        forest.add(rows: inputs[0].elements(), count: rows, to: sums)
        for row in 0..<rows { objective.transform(sums + row * width, width) }
    }
}

/// What a model makes of the sum of its trees.
enum LightGBMObjective: Equatable {
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

    func transform(_ sums: UnsafeMutablePointer<Double>, _ width: Int) {
        switch self {
        case .identity: break
        case .sigmoid(let steepness): sums[0] = 1 / (1 + exp(-steepness * sums[0]))
        case .exponential: sums[0] = exp(sums[0])
        case .softmax:
            let values = UnsafeMutableBufferPointer(start: sums, count: width)
            let largest = values.max() ?? 0
            for index in values.indices { values[index] = exp(values[index] - largest) }
            let total = values.reduce(0, +)
            for index in values.indices { values[index] /= total }
        }
    }
}

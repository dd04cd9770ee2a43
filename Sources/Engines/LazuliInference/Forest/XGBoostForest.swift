import LazuliTrees

/// An XGBoost model, evaluated without XGBoost.
///
/// Sums are kept in double precision, where XGBoost adds in single: results agree to the rounding of the latter.
final class XGBoostForest: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "Lazuli's own tree evaluator"
    private let forest: Forest
    private let scratch: Forest.Scratch
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
        scratch = forest.makeScratch()
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
        forest.add(rows: values, count: count, to: totals, in: scratch)
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

extension XGBoostDocument {
    /// The columns that clients give; XGBoost calls those without a name by their number.
    var columns: [ModelSignature.Column] {
        let names = featureNames.count == featureCount ? featureNames : (0..<featureCount).map { "f\($0)" }
        return names.map { ModelSignature.Column(name: $0, type: .float64) }
    }
}

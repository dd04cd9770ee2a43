import LazuliTrees

/// A LightGBM text model, evaluated without LightGBM.
final class LightGBMForest: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "Lazuli's own tree evaluator"
    private let forest: Forest
    private let scratch: Forest.Scratch
    private let objective: LightGBMObjective

    /// - Returns: nil for a model of a kind we do not evaluate: linear leaves, rare objectives.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= LightGBMTrees.largestFile, let model = LightGBMTrees(bytes),
            let forest = Forest(model.draft, features: model.featureCount)
        else { return nil }
        self.forest = forest
        scratch = forest.makeScratch()
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
        forest.add(rows: inputs[0].elements(), count: rows, to: sums, in: scratch)
        for row in 0..<rows { objective.transform(sums + row * width, width) }
    }
}

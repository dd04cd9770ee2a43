import LazuliTrees

/// A graph that encodes columns and asks a regression forest, evaluated without ONNX Runtime.
///
/// Sums are kept in double precision, where ONNX Runtime adds in single: results agree to the rounding of the latter.
final class OnnxForest: Scorer {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let engine = "Lazuli's own tree evaluator"
    private let forest: Forest
    private let scratch: Forest.Scratch
    private let encoding: FeatureEncoding
    private let start: [Double]
    private let divisor: Double
    private var rows = GrowingDoubles()
    private var sums = GrowingDoubles()

    /// - Returns: nil if the graph is of another form.
    init?(_ graph: OnnxGraph) {
        guard graph.outputs.count == 1, graph.maps.isEmpty, graph.inputs.allSatisfy({ $0.rowWidth != nil }),
            let found = Self.search(graph), let forest = Forest(found.trees.draft, features: found.encoding.count)
        else { return nil }
        self.forest = forest
        scratch = forest.makeScratch()
        encoding = found.encoding
        start = found.trees.start
        divisor = found.trees.divisor
        inputs = graph.inputs
        outputs = graph.outputs
    }

    /// Follows the graph up to its trees, which must make its result.
    private static func search(_ graph: OnnxGraph) -> (trees: OnnxTrees, encoding: FeatureEncoding)? {
        var tracing = FeatureTracing(graph)
        var found: (trees: OnnxTrees, encoding: FeatureEncoding, output: String)?
        for node in graph.nodes {
            if let trees = found, node.operation == "Identity", node.inputs == [trees.output] {
                found?.output = node.outputs.first ?? ""
            } else if found == nil, node.operation == "TreeEnsembleRegressor" {
                guard let trees = OnnxTrees(node), let sources = node.inputs.first.flatMap(tracing.features),
                    trees.featureCount <= sources.count, let output = node.outputs.first
                else { return nil }
                found = (trees, FeatureEncoding(sources, encoders: tracing.encoders), output)
            } else if !tracing.follow(node) {
                return nil
            }
        }
        guard let found, found.output == graph.outputs[0].name else { return nil }
        return (found.trees, found.encoding)
    }

    func score(_ inputs: [Tensor], into outputs: [Tensor]) throws(ScoringFault) {
        let count = inputs[0].shape.first ?? 1, width = forest.width
        guard inputs.allSatisfy({ ($0.shape.first ?? 1) == count }) else {
            throw ScoringFault("The inputs have different numbers of rows: \(inputs.map { $0.shape.first ?? 1 }).")
        }
        let values = rows.zeros(count * encoding.count)
        try encoding.encode(inputs, rows: count, into: values)
        let totals = sums.zeros(count * width)
        forest.add(rows: values, count: count, to: totals, in: scratch)
        let output = outputs[0]
        output.shape = [count, width]
        output.reserve(count * width)
        let results = output.elements(as: Float.self)
        for index in 0..<count * width { results[index] = Float(totals[index] / divisor + start[index % width]) }
    }
}

/// Memory for doubles, used again from call to call.
struct GrowingDoubles: ~Copyable {
    private var memory = UnsafeMutablePointer<Double>.allocate(capacity: 64)
    private var capacity = 64

    deinit { memory.deallocate() }

    mutating func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
        if count > capacity {
            memory.deallocate()
            capacity = max(count, 2 * capacity)
            memory = .allocate(capacity: capacity)
        }
        memory.update(repeating: 0, count: count)
        return memory
    }
}

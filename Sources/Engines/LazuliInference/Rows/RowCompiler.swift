import LazuliTrees

/// Turns the operations of a graph into those of a row program.
struct RowCompiler {
    /// What an output of the graph is made of.
    enum Result {
        case numbers(RowSlot)
        /// A list, and the matrix that holds places in it.
        case classes(OnnxConstant, RowSlot)
    }

    private(set) var operations: [RowOperation] = []
    /// Numbers per row of each matrix.
    private(set) var lengths: [Int] = []
    private var tracing: FeatureTracing
    private var slots: [String: RowSlot] = [:]
    /// Matrices that hold places of classes, one a row.
    private var places: Set<String> = []
    private var classes: [String: Result] = [:]
    private let graph: OnnxGraph

    init(_ graph: OnnxGraph) {
        self.graph = graph
        tracing = FeatureTracing(graph)
    }

    private static let known: Set = [
        "Add", "ArgMax", "ArrayFeatureExtractor", "Cast", "Clip", "Concat", "Exp", "Gather", "Gemm", "Greater",
        "Identity",
        "Imputer", "IsInf", "IsNaN", "LabelEncoder", "Log", "Mul", "Neg", "OneHotEncoder", "ReduceMax", "Relu",
        "Reshape",
        "Scaler", "Sigmoid",
        "Softmax", "Softplus", "StringNormalizer", "Sub", "TfIdfVectorizer", "Tokenizer", "TreeEnsembleRegressor",
        "Unsqueeze", "Where",
    ]

    /// Whether a graph has no operation that can never be part of a row program.
    static func knows(_ nodes: [OnnxNode]) -> Bool {
        nodes.allSatisfy { $0.domain == "ai.lazuli" || known.contains($0.operation) }
    }

    /// - Returns: what the graph's outputs are; nil if it has operations that are not evaluated here.
    mutating func compile() -> [Result]? {
        for node in graph.nodes {
            guard tracing.follow(node) || add(node), lengths.reduce(0, +) < Self.mostNumbers else { return nil }
        }
        var results: [Result] = []
        for output in graph.outputs {
            guard let result = result(output) else { return nil }
            results.append(result)
        }
        return results
    }

    private func result(_ output: TensorSpec) -> Result? {
        if let found = classes[output.name] {
            guard case .classes(let list, _) = found, list.type == output.type else { return nil }
            return [.string, .int64, .bool].contains(output.type) ? found : nil
        }
        guard let slot = slots[output.name], slot.factor == 1, !slot.isDouble, !places.contains(output.name),
            output.type == .float32
        else { return nil }
        return .numbers(slot)
    }

    // MARK: - Operands

    /// The matrix of that name; features that were only traced so far are written down.
    private mutating func slot(_ name: String?) -> RowSlot? {
        guard let name else { return nil }
        if let slot = slots[name] { return slot }
        guard let sources = tracing.features(of: name), !sources.isEmpty else { return nil }
        let slot = newSlot(sources.count)
        operations.append(.encode(FeatureEncoding(sources, tracing.parts), to: slot))
        slots[name] = slot
        return slot
    }

    private static let widest = 1 << 20
    /// Numbers of all matrices per row.
    private static let mostNumbers = 1 << 22

    private mutating func newSlot(_ width: Int, factor: Int = 1, isDouble: Bool = false) -> RowSlot {
        lengths.append(width * factor)
        return RowSlot(place: lengths.count - 1, width: width, factor: factor, isDouble: isDouble)
    }

    /// A matrix, or a constant that fits a row.
    private mutating func operand(_ name: String) -> RowOperand? {
        if let constant = graph.constants[name] {
            guard let numbers = constant.numbers(fitting: constant.numbers?.count ?? 0), !numbers.isEmpty else {
                return nil
            }
            return .constant(numbers)
        }
        return slot(name).map(RowOperand.slot)
    }

    private func axis(_ node: OnnxNode) -> Int { node.attributes["axis"]?.integer ?? 0 }

    // MARK: - Operations

    private mutating func add(_ node: OnnxNode) -> Bool {
        guard let output = node.outputs.first, let first = node.inputs.first else { return false }
        switch node.operation {
        case "TreeEnsembleRegressor": return addTrees(node, first, output)
        case "Gather": return addGather(node, output)
        case "IsNaN": return addUnary(.isMissing, first, output)
        case "IsInf": return addUnary(.isInfinite, first, output)
        case "Sigmoid": return addUnary(.logistic, first, output)
        case "Exp": return addUnary(.exponential, first, output)
        case "Log": return addUnary(.logarithm, first, output)
        case "Relu": return addUnary(.clip(0, .infinity), first, output)
        case "Clip": return addClip(node, first, output)
        case "Neg": return addUnary(.negative, first, output)
        case "Softplus": return addUnary(.softplus, first, output)
        case "Add": return addBinary(.add, node, output)
        case "Sub": return addBinary(.subtract, node, output)
        case "Mul": return addBinary(.multiply, node, output)
        case "Greater": return addBinary(.isGreater, node, output)
        case "Where": return addSelection(node, output)
        case "Gemm": return addLinear(node, first, output)
        case "Softmax": return [1, -1].contains(node.attributes["axis"]?.integer ?? -1) && addSoftmax(first, output)
        case "ReduceMax": return addMost(node, first, output)
        case "Concat": return addJoin(node, output)
        case "Reshape": return addReshape(node, first, output)
        case "ArgMax": return addLargest(node, first, output)
        case "Identity", "Cast": return addAlias(node, first, output)
        default: return false
        }
    }

    private mutating func addTrees(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        guard let trees = OnnxTrees(node), let from = slot(input), trees.featureCount <= from.width,
            let forest = Forest(trees.draft, features: from.width)
        else { return false }
        let to = newSlot(forest.width, factor: from.factor)
        operations.append(
            .trees(forest, forest.makeScratch(), start: trees.start, divisor: trees.divisor, from: from, to: to))
        slots[output] = to
        return true
    }

    private mutating func addGather(_ node: OnnxNode, _ output: String) -> Bool {
        guard node.inputs.count == 2 else { return false }
        if let list = graph.constants[node.inputs[0]], places.contains(node.inputs[1]), axis(node) == 0,
            let slot = slots[node.inputs[1]], list.shape.count == 1, list.shape[0] >= mostPlaces[node.inputs[1]] ?? .max
        {
            classes[output] = .classes(list, slot)
            return true
        }
        guard axis(node) == 1, let from = slot(node.inputs[0]),
            let constant = graph.constants[node.inputs[1]], constant.shape.count == 1,
            let columns = constant.integers, columns.count == constant.shape[0],
            columns.allSatisfy((0..<from.width).contains), columns.count < Self.widest, !columns.isEmpty
        else { return false }
        let to = newSlot(columns.count, factor: from.factor)
        operations.append(.choose(columns, from: from, to: to))
        slots[output] = to
        return true
    }

    private mutating func addUnary(_ operation: RowOperation.Unary, _ input: String, _ output: String) -> Bool {
        guard let from = slot(input) else { return false }
        let to = newSlot(from.width, factor: from.factor)
        operations.append(.unary(operation, from: from, to: to))
        slots[output] = to
        return true
    }

    private mutating func addClip(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        let bounds = node.inputs.dropFirst().map { graph.constants[$0]?.numbers }
        guard bounds.count == 2, let least = bounds[0]?.first, let most = bounds[1]?.first else { return false }
        return addUnary(.clip(least, most), input, output)
    }

    /// The shape of what two operands give together.
    private mutating func joined(_ left: RowOperand, _ right: RowOperand) -> RowSlot? {
        let factors = Set([left.factor, right.factor].compactMap { $0 }), widths = Set([left.width, right.width])
        guard factors.count == 1, let factor = factors.first, widths.subtracting([1]).count <= 1 else { return nil }
        return newSlot(widths.max() ?? 1, factor: factor, isDouble: left.isDouble || right.isDouble)
    }

    private mutating func addBinary(_ operation: RowOperation.Binary, _ node: OnnxNode, _ output: String) -> Bool {
        guard node.inputs.count == 2, let left = operand(node.inputs[0]), let right = operand(node.inputs[1]),
            let to = joined(left, right)
        else { return false }
        operations.append(.binary(operation, left, right, to: to))
        slots[output] = to
        return true
    }

    private mutating func addSelection(_ node: OnnxNode, _ output: String) -> Bool {
        guard node.inputs.count == 3, let condition = slot(node.inputs[0]), let yes = operand(node.inputs[1]),
            let no = operand(node.inputs[2]),
            let to = joined(.slot(condition), yes.width >= no.width ? yes : no), to.width == condition.width,
            [1, to.width].contains(yes.width), [1, to.width].contains(no.width),
            [yes, no].allSatisfy({ $0.factor ?? to.factor == to.factor })
        else { return false }
        operations.append(.select(condition, yes, no, to: to))
        slots[output] = to
        return true
    }

    private mutating func addLinear(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        func isOne(_ name: String) -> Bool { node.attributes[name]?.float ?? 1 == 1 }
        guard node.inputs.count == 3, isOne("alpha"), isOne("beta"), node.attributes["transA"]?.integer ?? 0 == 0,
            let matrix = graph.constants[node.inputs[1]], let weights = matrix.numbers, matrix.shape.count == 2,
            let from = slot(input)
        else { return false }
        let isTurned = node.attributes["transB"]?.integer ?? 0 == 1
        let outputs = matrix.shape[isTurned ? 0 : 1]
        guard matrix.shape[isTurned ? 1 : 0] == from.width, outputs > 0,
            let added = graph.constants[node.inputs[2]]?.numbers(fitting: outputs)
        else { return false }
        let to = newSlot(outputs, factor: from.factor, isDouble: from.isDouble)
        let ordered =
            isTurned
            ? weights
            : (0..<outputs).flatMap { output in
                (0..<from.width).map { weights[$0 * outputs + output] }
            }
        let dense = DenseLayer(weights: ordered, added: added, inputs: from.width)
        if !from.isDouble, let dense {
            operations.append(.dense(dense, from: from, to: to))
        } else {
            operations.append(.linear(ordered, added: added, from: from, to: to))
        }
        slots[output] = to
        return true
    }

    private mutating func addSoftmax(_ input: String, _ output: String) -> Bool {
        guard let from = slot(input) else { return false }
        let to = newSlot(from.width, factor: from.factor)
        operations.append(.softmax(from: from, to: to))
        slots[output] = to
        return true
    }

    private mutating func addMost(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        guard node.inputs.count == 1, node.attributes["axes"]?.integers == [1],
            node.attributes["keepdims"]?.integer ?? 1 == 1, let from = slot(input)
        else { return false }
        let to = newSlot(1, factor: from.factor, isDouble: from.isDouble)
        operations.append(.most(from: from, to: to))
        slots[output] = to
        return true
    }

    private mutating func addJoin(_ node: OnnxNode, _ output: String) -> Bool {
        guard [1, -1].contains(axis(node)) else { return false }
        var parts: [RowSlot] = []
        for name in node.inputs {
            guard let part = slot(name), part.factor == parts.first?.factor ?? part.factor else { return false }
            parts.append(part)
        }
        let width = parts.reduce(0) { $0 + $1.width }
        guard let first = parts.first, width < Self.widest else { return false }
        let to = newSlot(width, factor: first.factor)
        operations.append(.join(parts, to: to))
        slots[output] = to
        return true
    }

    /// Rows are cut or put together; the numbers stay where they are.
    private mutating func addReshape(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        guard node.inputs.count == 2, let shape = graph.smallConstants[node.inputs[1]], shape.count == 2,
            shape[0] == -1,
            shape[1] > 0, let from = slot(input), from.length.isMultiple(of: shape[1])
        else { return false }
        slots[output] = RowSlot(
            place: from.place, width: shape[1], factor: from.length / shape[1], isDouble: from.isDouble)
        return true
    }

    /// How many places a matrix of places may name.
    private var mostPlaces: [String: Int] = [:]

    private mutating func addLargest(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        guard axis(node) == 1, node.attributes["keepdims"]?.integer == 0,
            node.attributes["select_last_index"]?.integer ?? 0 == 0, let from = slot(input), from.factor == 1
        else { return false }
        let to = newSlot(1)
        operations.append(.placeOfMost(from: from, to: to))
        slots[output] = to
        places.insert(output)
        mostPlaces[output] = from.width
        return true
    }

    /// Truths are 1 and 0 here already, and all numbers doubles.
    private mutating func addAlias(_ node: OnnxNode, _ input: String, _ output: String) -> Bool {
        guard var slot = slot(input), !places.contains(input) else { return false }
        if node.operation == "Cast" {
            switch node.attributes["to"]?.integer {
            case ElementType.float32.rawValue: slot = slot.with(isDouble: false)
            case ElementType.float64.rawValue: slot = slot.with(isDouble: true)
            default: return false
            }
        }
        slots[output] = slot
        return true
    }
}

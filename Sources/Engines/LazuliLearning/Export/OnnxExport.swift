import LazuliTrees

/// Writes a model with its whole featurisation as one ONNX graph.
///
/// Inputs: each column that is read, rows × 1: numbers as floats (missing: NaN), dates as seconds since 1970 in double
/// precision, texts and booleans as strings (missing: the empty string). Outputs of a classification: the label of each
/// row and rows × classes probabilities; of a regression: rows × 1 values.
package struct OnnxExport {
    package let bytes: [UInt8]
    /// The columns that are inputs of the graph.
    package let inputs: [InputColumn]
    /// In the order of the graph: the first one is what clients get from `predict`.
    package let outputs: [Output]

    package enum Output: Sendable, Equatable {
        case label(name: String)
        case probabilities(name: String)
        case value(name: String)
    }

    /// - Throws: `LearningFault` for a model that a graph cannot tell.
    package init(_ model: FinalModel) throws(LearningFault) {
        var writing = GraphWriting(model)
        try writing.writeFeatures()
        try writing.writeMembers()
        outputs = try writing.writeOutputs()
        inputs = writing.inputs
        bytes = writing.graph.model(
            metadata: [
                "task": model.target.task == .regression ? "regression" : "classification",
                "target": model.target.name,
            ], version: "1")
    }

    /// The graph alone.
    package static func graph(of model: FinalModel) throws(LearningFault) -> [UInt8] { try OnnxExport(model).bytes }
}

/// A graph on its way from the inputs to the outputs.
private struct GraphWriting {
    let model: FinalModel
    var graph: OnnxBuilder
    private(set) var inputs: [InputColumn] = []
    /// All features side by side.
    private var features = ""
    private var width = 0
    /// Per member, where its features stand among all.
    private var places: [[Int?]] = []
    /// What members give before the link, or after it.
    private var raws: [Raw] = []

    private struct Raw {
        let link: Link
        let tensor: String
        let members: [Int]
        /// Numbers of one member.
        let width: Int
    }

    private var task: LearningTask { model.target.task }

    init(_ model: FinalModel) {
        self.model = model
        graph = OnnxBuilder(reserving: model.columns.map(\.name))
    }

    mutating func writeFeatures() throws(LearningFault) {
        var union = FeatureUnion(columns: model.columns.map(\.name))
        var requests: [FeatureUnion.Request] = []
        for member in model.members {
            var looksAt = Array(repeating: true, count: member.features.width)
            if case .trees(let trees, _) = member.form, member.features.scaling == nil {
                looksAt = trees.looksAt(member.features.width)
            }
            requests.append(try union.add(member.features) { looksAt[$0] })
        }
        places = requests.map(union.places)
        inputs = model.columns.indices.filter(union.isRead).map { model.columns[$0] }
        width = union.width
        guard !inputs.isEmpty else {
            throw LearningFault("The model looks at no column: it predicts the same for every row.")
        }
        let all = try FeatureGraph(model.columns, union).write(to: &graph)
        // What single precision cannot hold counts as missing, as it did in training.
        let isInfinite = graph.node("IsInf", [all])
        features = graph.node("Where", [isInfinite, graph.constant(.scalar(Float.nan)), all])
    }

    // MARK: - Members

    private struct TreeGroup {
        let link: Link
        let width: Int
        let scaling: Int?
    }

    mutating func writeMembers() throws(LearningFault) {
        writeUnscaledTrees()
        for (number, member) in model.members.enumerated() {
            switch member.form {
            case .trees(let trees, let link):
                guard member.features.scaling != nil else { continue }
                var ensemble = TreeGraph()
                ensemble.add(trees, places: Array(0..<member.features.width))
                let raw = ensemble.write(to: &graph, features: denseFeatures(number))
                raws.append(Raw(link: link, tensor: raw, members: [number], width: trees.width))
            case .linear(let linear):
                let raw = DenseGraph.linear(linear, denseFeatures(number), to: &graph)
                raws.append(Raw(link: linear.link, tensor: raw, members: [number], width: linear.outputs))
            case .layered(let layered):
                let raw = DenseGraph.layered(layered, denseFeatures(number), to: &graph)
                raws.append(Raw(link: layered.link, tensor: raw, members: [number], width: layered.outputs))
            case .neighbours(let neighbours):
                let raw = NeighbourGraph.write(neighbours, denseFeatures(number), to: &graph)
                raws.append(Raw(link: .identity, tensor: raw, members: [number], width: task.width))
            }
        }
    }

    /// One operation for all trees whose outputs go through the same link.
    private mutating func writeUnscaledTrees() {
        for link in [Link.identity, .logistic, .exponential, .softmax, .oneVersusRest] {
            var byWidth: [Int: (ensemble: TreeGraph, members: [Int])] = [:]
            for (number, member) in model.members.enumerated() {
                guard case .trees(let trees, link) = member.form, member.features.scaling == nil else { continue }
                // Of two shares that add up to 1, one is enough.
                let hasHalf = link == .identity && task == .classification(classes: 2) && trees.isComplementary
                let width = hasHalf ? 1 : trees.width
                var group = byWidth[width] ?? (TreeGraph(), [])
                if hasHalf {
                    group.ensemble.addSecond(of: trees, places: places[number])
                } else {
                    group.ensemble.add(trees, places: places[number])
                }
                group.members.append(number)
                byWidth[width] = group
            }
            for (width, group) in byWidth.sorted(by: { $0.key < $1.key }) {
                var ensemble = group.ensemble
                let raw = ensemble.write(to: &graph, features: features)
                raws.append(Raw(link: link, tensor: raw, members: group.members, width: width))
            }
        }
    }

    private mutating func denseFeatures(_ member: Int) -> String {
        DenseGraph.features(
            of: features, places: places[member], width: width, scaling: model.members[member].features.scaling,
            to: &graph)
    }

    // MARK: - Outputs

    /// The members' predictions side by side, and where each stands.
    private mutating func predictions() -> (String, [PredictionMix.Slot]) {
        var tensors: [String] = [], slots: [PredictionMix.Slot] = [], start = 0
        for raw in joinedRaws() {
            tensors.append(
                LinkGraph.write(raw.link, raw.tensor, width: raw.width, count: raw.members.count, to: &graph))
            for member in raw.members {
                slots.append(PredictionMix.Slot(member: member, start: start, width: raw.width))
                start += raw.width
            }
        }
        return (side(by: tensors), slots)
    }

    /// Raw outputs that go through the same link, together.
    private mutating func joinedRaws() -> [Raw] {
        var joined: [Raw] = []
        var waiting = raws
        while let first = waiting.first {
            let alike = waiting.filter { $0.link == first.link && $0.width == first.width }
            waiting.removeAll { $0.link == first.link && $0.width == first.width }
            joined.append(
                Raw(
                    link: first.link, tensor: side(by: alike.map(\.tensor)), members: alike.flatMap(\.members),
                    width: first.width))
        }
        return joined
    }

    private mutating func side(by tensors: [String]) -> String {
        tensors.count == 1 ? tensors[0] : graph.node("Concat", tensors, attributes: ["axis": .integer(1)])
    }

    mutating func writeOutputs() throws(LearningFault) -> [OnnxExport.Output] {
        let (predictions, slots) = predictions()
        guard let stack = model.stack else {
            var mix = PredictionMix.vote(slots, weights: model.members.map(\.weight), task: task)
            mix.scale(model.target)
            let mean = mix.write(predictions, to: &graph)
            return writeOutputs(model.calibration.map { LinkGraph.write($0, mean, to: &graph) } ?? mean)
        }
        guard stack.model.preparation == .none,
            stack.model.weights.count == stack.model.outputs * stack.inputs.count * task.width
        else { throw LearningFault("The stacked model does not fit its members.") }
        var mix = PredictionMix.stack(slots, stack, task: task)
        if stack.model.link == .identity { mix.scale(model.target) }
        let raw = mix.write(predictions, to: &graph)
        let linked = LinkGraph.write(stack.model.link, raw, width: mix.outputs, count: 1, to: &graph)
        return writeOutputs(mix.outputs < task.width ? bothClasses(linked) : linked)
    }

    private mutating func bothClasses(_ second: String) -> String {
        let first = graph.node("Sub", [graph.constant(.scalar(1 as Float)), second])
        return side(by: [first, second])
    }

    private mutating func writeOutputs(_ results: String) -> [OnnxExport.Output] {
        guard case .classification(let classes) = task else {
            let name = graph.outputName("variable")
            graph.node("Identity", [results], named: name)
            graph.output(name, .float, [nil, 1])
            return [.value(name: name)]
        }
        let label = graph.outputName("label"), probabilities = graph.outputName("probabilities")
        let place = graph.node("ArgMax", [results], attributes: ["axis": .integer(1), "keepdims": .integer(0)])
        let (names, type) = model.target.classTensor
        graph.node("Gather", [graph.constant(names), place], named: label, attributes: ["axis": .integer(0)])
        graph.node("Identity", [results], named: probabilities)
        graph.output(label, type, [nil])
        graph.output(probabilities, .float, [nil, classes])
        return [.label(name: label), .probabilities(name: probabilities)]
    }
}

extension TargetDescription {
    /// The classes as a constant of their own type.
    fileprivate var classTensor: (OnnxTensor, OnnxType) {
        if classesAreIntegers {
            let numbers = classes.compactMap { Int($0) }
            if numbers.count == classes.count { return (.integers(numbers), .int64) }
        }
        if classesAreBooleans {
            let truths = classes.compactMap { ["true": true, "false": false][$0.lowercased()] }
            if truths.count == classes.count {
                return (OnnxTensor(.booleans(truths), shape: [truths.count]), .bool)
            }
        }
        return (OnnxTensor(.texts(classes), shape: [classes.count]), .string)
    }
}

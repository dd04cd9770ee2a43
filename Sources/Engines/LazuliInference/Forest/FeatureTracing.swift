import LazuliTrees

/// Follows the operations of a graph from its inputs, as long as they only gather, cast, scale and one-hot encode.
struct FeatureTracing {
    private(set) var encoders: [CategoryEncoder] = []
    private var known: [String: [FeatureSource]] = [:]
    /// Inputs whose values are not single-precision numbers before a cast.
    private var uncast: Set<String> = []
    /// Tensors of one dimension, a value a row: they must become columns before anything joins or encodes them.
    private var flat: Set<String> = []
    private let graph: OnnxGraph

    init(_ graph: OnnxGraph) {
        self.graph = graph
        for (index, input) in graph.inputs.enumerated() {
            guard let width = input.rowWidth, width < ForestDraft.mostFeatures else { continue }
            known[input.name] = (0..<width).map { FeatureSource(input: index, offset: $0) }
            if input.type != .float32 { uncast.insert(input.name) }
            if input.shape.count == 1 { flat.insert(input.name) }
        }
    }

    /// What a tensor holds; nil if it is not single-precision numbers that we can follow.
    func features(of name: String) -> [FeatureSource]? { uncast.contains(name) ? nil : known[name] }

    /// - Returns: false for an operation we do not follow.
    mutating func follow(_ node: OnnxNode) -> Bool {
        guard let output = node.outputs.first, let result = result(of: node) else { return false }
        known[output] = result
        if Self.keepsShape.contains(node.operation), node.inputs.contains(where: flat.contains) { flat.insert(output) }
        if node.operation != "Cast", node.operation != "OneHotEncoder", node.inputs.contains(where: uncast.contains) {
            uncast.insert(output)
        }
        return true
    }

    private mutating func result(of node: OnnxNode) -> [FeatureSource]? {
        guard let first = node.inputs.first, let features = known[first] else { return nil }
        if node.operation == "Unsqueeze" { return lifted(node, first, features) }
        guard Self.keepsShape.contains(node.operation) || !node.inputs.contains(where: flat.contains) else {
            return nil
        }
        switch node.operation {
        case "Identity": return features
        case "Concat": return concatenation(node)
        case "Reshape": return node.inputs.count == 2 && keepsRows(node.inputs[1], features.count) ? features : nil
        case "Cast": return node.attributes["to"]?.integer == ElementType.float32.rawValue ? cast(first, features) : nil
        case "Scaler": return uncast.contains(first) ? nil : scaled(node, features)
        case "OneHotEncoder": return encoded(node, features)
        case "ArrayFeatureExtractor": return extracted(node, features)
        default: return nil
        }
    }

    private static let keepsShape: Set = ["Identity", "Cast"]

    /// One value a row becomes a column.
    private func lifted(_ node: OnnxNode, _ input: String, _ features: [FeatureSource]) -> [FeatureSource]? {
        guard flat.contains(input), node.inputs.count == 2, let axes = graph.smallConstants[node.inputs[1]] else {
            return nil
        }
        return axes == [1] || axes == [-1] ? features : nil
    }

    private func concatenation(_ node: OnnxNode) -> [FeatureSource]? {
        guard node.attributes["axis"]?.integer != 0 else { return nil }
        let parts = node.inputs.compactMap { known[$0] }
        let width = parts.reduce(0) { $0 + $1.count }
        return parts.count == node.inputs.count && width < ForestDraft.mostFeatures ? parts.flatMap { $0 } : nil
    }

    private func keepsRows(_ shape: String, _ width: Int) -> Bool {
        graph.smallConstants[shape].map { $0 == [-1, width] || $0 == [0, width] } ?? false
    }

    private func cast(_ input: String, _ features: [FeatureSource]) -> [FeatureSource]? {
        let areNumbers = features.allSatisfy { graph.inputs[$0.input].type != .string }
        return areNumbers ? features : nil
    }

    private func scaled(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        let shifts = node.attributes["offset"]?.floats ?? [], factors = node.attributes["scale"]?.floats ?? []
        guard [1, features.count].contains(shifts.count), [1, features.count].contains(factors.count) else {
            return nil
        }
        var scaled = features
        for index in features.indices {
            guard features[index].step == .value else { return nil }
            scaled[index].step = .scaled(
                shift: shifts[shifts.count == 1 ? 0 : index], factor: factors[factors.count == 1 ? 0 : index])
        }
        return scaled
    }

    private mutating func encoded(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        guard let encoder = CategoryEncoder(node) else { return nil }
        let wanted: ElementType = encoder.texts == nil ? .int64 : .string
        guard encoder.count * features.count < ForestDraft.mostFeatures else { return nil }
        encoders.append(encoder)
        var encoded: [FeatureSource] = []
        for feature in features {
            guard feature.step == .value, graph.inputs[feature.input].type == wanted else { return nil }
            for number in 0..<encoder.count {
                encoded.append(
                    FeatureSource(
                        input: feature.input, offset: feature.offset,
                        step: .category(encoder: encoders.count - 1, number: number)))
            }
        }
        return encoded
    }

    private func extracted(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        guard node.inputs.count == 2, let places = graph.smallConstants[node.inputs[1]],
            places.allSatisfy(features.indices.contains)
        else { return nil }
        return places.map { features[$0] }
    }
}

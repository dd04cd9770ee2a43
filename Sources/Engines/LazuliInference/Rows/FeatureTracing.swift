import LazuliTabular
import LazuliTrees

/// Follows the operations of a graph from its inputs, as long as they only gather, cast, scale and encode.
struct FeatureTracing {
    var parts = FeatureParts()
    var known: [String: [FeatureSource]] = [:]
    /// Inputs whose values are not single-precision numbers before a cast.
    var uncast: Set<String> = []
    /// Tensors of one dimension, a value a row: they must become columns before anything joins or encodes them.
    var flat: Set<String> = []
    /// Codes of texts, by the tensor that holds them.
    var codes: [String: (source: FeatureSource, encoder: Int)] = [:]
    /// Columns of numbers that were cast to texts.
    var numberTexts: [String: FeatureSource] = [:]
    /// Texts on their way to weights of words.
    var wordSteps: [String: WordStep] = [:]
    let graph: OnnxGraph

    enum WordStep {
        case lowered(FeatureSource)
        case cut(FeatureSource)
        case weighed(FeatureSource, vocabulary: Int)
    }

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
        guard let output = node.outputs.first else { return false }
        if followCodes(node, output) || followWords(node, output) { return true }
        guard let result = result(of: node) else { return false }
        known[output] = result
        if Self.keepsShape.contains(node.operation), node.inputs.contains(where: flat.contains) { flat.insert(output) }
        if !Self.makesSingles(node), node.operation == "IsNaN" || node.inputs.contains(where: uncast.contains) {
            uncast.insert(output)
        }
        return true
    }

    private static func makesSingles(_ node: OnnxNode) -> Bool {
        ["Cast", "OneHotEncoder"].contains(node.operation) || node.domain == "ai.lazuli"
    }

    private mutating func result(of node: OnnxNode) -> [FeatureSource]? {
        guard let first = node.inputs.first, let features = known[first] else { return nil }
        if node.operation == "Unsqueeze" { return lifted(node, first, features) }
        if node.domain == "ai.lazuli" { return datePart(node, features) }
        if isFlattening(node, features) {
            flat.insert(node.outputs[0])
            return features
        }
        guard Self.keepsShape.contains(node.operation) || !node.inputs.contains(where: flat.contains) else {
            return nil
        }
        switch node.operation {
        case "Identity": return features
        case "Concat": return concatenation(node)
        case "IsNaN": return missing(features)
        case "Reshape": return node.inputs.count == 2 && keepsRows(node.inputs[1], features.count) ? features : nil
        case "Cast": return node.attributes["to"]?.integer == ElementType.float32.rawValue ? cast(first, features) : nil
        case "Imputer": return uncast.contains(first) ? nil : filled(node, features)
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

    private func filled(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        let fills = node.attributes["imputed_value_floats"]?.floats ?? []
        guard [1, features.count].contains(fills.count), node.attributes["replaced_value_float"]?.float?.isNaN ?? false
        else { return nil }
        var filled = features
        for index in features.indices {
            guard features[index].step == .value else { return nil }
            filled[index].step = .filled(fills[fills.count == 1 ? 0 : index])
        }
        return filled
    }

    private func scaled(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        let shifts = node.attributes["offset"]?.floats ?? [], factors = node.attributes["scale"]?.floats ?? []
        guard [1, features.count].contains(shifts.count), [1, features.count].contains(factors.count) else {
            return nil
        }
        var scaled = features
        for index in features.indices {
            let fill: Float
            switch features[index].step {
            case .value: fill = .nan
            case .filled(let number): fill = number
            default: return nil
            }
            scaled[index].step = .scaled(
                fill: fill, shift: shifts[shifts.count == 1 ? 0 : index],
                factor: factors[factors.count == 1 ? 0 : index])
        }
        return scaled
    }

    private mutating func encoded(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        guard let encoder = CategoryEncoder(node) else { return nil }
        let number = parts.encoders.count
        let wanted: ElementType = encoder.texts == nil ? .int64 : .string
        guard encoder.count * features.count < ForestDraft.mostFeatures else { return nil }
        parts.encoders.append(encoder)
        var encoded: [FeatureSource] = []
        for feature in features {
            guard feature.step == .value, graph.inputs[feature.input].type == wanted else { return nil }
            for category in 0..<encoder.count {
                encoded.append(
                    FeatureSource(
                        input: feature.input, offset: feature.offset,
                        step: .category(encoder: number, number: category)))
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

// MARK: - Single columns

extension FeatureTracing {
    /// A column becomes one value a row.
    private func isFlattening(_ node: OnnxNode, _ features: [FeatureSource]) -> Bool {
        node.operation == "Reshape" && node.inputs.count == 2 && features.count == 1 && node.outputs.count == 1
            && graph.smallConstants[node.inputs[1]] == [-1]
    }

    /// The value of a column of numbers that nothing was done to.
    func plain(_ features: [FeatureSource]) -> FeatureSource? {
        guard features.count == 1, features[0].step == .value, graph.inputs[features[0].input].type != .string else {
            return nil
        }
        return features[0]
    }

    private func missing(_ features: [FeatureSource]) -> [FeatureSource]? {
        guard var source = plain(features) else { return nil }
        source.step = .missing
        return [source]
    }

    private func datePart(_ node: OnnxNode, _ features: [FeatureSource]) -> [FeatureSource]? {
        guard var source = plain(features), let first = node.operation.first,
            let part = DatePart(rawValue: first.lowercased() + node.operation.dropFirst())
        else { return nil }
        source.step = .datePart(part)
        return [source]
    }
}

import LazuliTabular
import LazuliTrees

/// Texts become codes, and codes features.
extension FeatureTracing {
    mutating func followCodes(_ node: OnnxNode, _ output: String) -> Bool {
        switch node.operation {
        case "Cast" where node.attributes["to"]?.integer == ElementType.string.rawValue:
            guard let input = node.inputs.first, flat.contains(input), let source = known[input].flatMap(plain),
                !uncast.contains(input)
            else { return false }
            numberTexts[output] = source
            return true
        case "LabelEncoder": return encodeLabels(node, output)
        case "Gather": return lookUp(node, output)
        case "OneHotEncoder": return encodeCodes(node, output)
        default: return false
        }
    }

    /// The column of texts, or of numbers as texts, that a tensor holds.
    func text(_ name: String) -> FeatureSource? {
        if let number = numberTexts[name] { return number }
        guard let features = known[name], features.count == 1, features[0].step == .value,
            graph.inputs[features[0].input].type == .string
        else { return nil }
        return features[0]
    }

    private mutating func encodeLabels(_ node: OnnxNode, _ output: String) -> Bool {
        guard let input = node.inputs.first, let source = text(input), let keys = node.attributes["keys_strings"]?.texts
        else { return false }
        if let floats = node.attributes["values_floats"]?.floats, !floats.isEmpty {
            return encodeNumbers(node, output, source, keys, floats)
        }
        guard let values = node.attributes["values_int64s"]?.integers, values.count == keys.count else { return false }
        let encoder = CodeEncoder(
            texts: keys, values: values, otherwise: node.attributes["default_int64"]?.integer ?? -1,
            areNumbers: numberTexts[input] != nil)
        guard encoder.isWithinZero, encoder.largest < ForestDraft.mostFeatures else { return false }
        parts.codes.append(encoder)
        codes[output] = (source, parts.codes.count - 1)
        return flat.contains(input) || numberTexts[input] != nil
    }

    /// Texts become numbers in one step.
    private mutating func encodeNumbers(
        _ node: OnnxNode, _ output: String, _ source: FeatureSource, _ keys: [String], _ floats: [Float]
    ) -> Bool {
        guard floats.count == keys.count, let input = node.inputs.first else { return false }
        let otherwise = node.attributes["default_float"]?.float ?? 0
        parts.codes.append(
            CodeEncoder(
                texts: keys, values: Array(keys.indices), otherwise: keys.count, areNumbers: numberTexts[input] != nil))
        parts.tables.append(LookedUpTable(numbers: (floats + [otherwise]).map(Double.init), width: 1))
        var looked = source
        looked.step = .looked(encoder: parts.codes.count - 1, table: parts.tables.count - 1, column: 0)
        known[output] = [looked]
        if flat.contains(input) || numberTexts[input] != nil { flat.insert(output) }
        return true
    }

    private mutating func lookUp(_ node: OnnxNode, _ output: String) -> Bool {
        guard node.inputs.count == 2, let (source, encoder) = codes[node.inputs[1]],
            node.attributes["axis"]?.integer ?? 0 == 0, let table = graph.constants[node.inputs[0]],
            let numbers = table.numbers, table.shape.count == 2, table.shape[0] > parts.codes[encoder].largest,
            table.shape[1] < ForestDraft.mostFeatures
        else { return false }
        parts.tables.append(LookedUpTable(numbers: numbers, width: table.shape[1]))
        known[output] = (0..<table.shape[1]).map { column in
            var looked = source
            looked.step = .looked(encoder: encoder, table: parts.tables.count - 1, column: column)
            return looked
        }
        return true
    }

    private mutating func encodeCodes(_ node: OnnxNode, _ output: String) -> Bool {
        guard let input = node.inputs.first, let (source, encoder) = codes[input],
            let wanted = node.attributes["cats_int64s"]?.integers, node.attributes["zeros"]?.integer ?? 1 == 1,
            wanted.count < ForestDraft.mostFeatures
        else { return false }
        known[output] = wanted.map { code in
            var coded = source
            coded.step = .coded(encoder: encoder, code: code)
            return coded
        }
        return true
    }
}

import LazuliTabular
import LazuliTrees

/// Follows the operations of a graph from its inputs, as long as they only gather, cast, scale and encode.
struct FeatureTracing {
    private(set) var parts = FeatureParts()
    private var known: [String: [FeatureSource]] = [:]
    /// Inputs whose values are not single-precision numbers before a cast.
    private var uncast: Set<String> = []
    /// Tensors of one dimension, a value a row: they must become columns before anything joins or encodes them.
    private var flat: Set<String> = []
    /// Codes of texts, by the tensor that holds them.
    private var codes: [String: (source: FeatureSource, encoder: Int)] = [:]
    /// Columns of numbers that were cast to texts.
    private var numberTexts: [String: FeatureSource] = [:]
    /// Texts on their way to weights of words.
    private var wordSteps: [String: WordStep] = [:]
    private let graph: OnnxGraph

    private enum WordStep {
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
    private func plain(_ features: [FeatureSource]) -> FeatureSource? {
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

// MARK: - Codes

extension FeatureTracing {
    private mutating func followCodes(_ node: OnnxNode, _ output: String) -> Bool {
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
    private func text(_ name: String) -> FeatureSource? {
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

// MARK: - Words

extension FeatureTracing {
    private mutating func followWords(_ node: OnnxNode, _ output: String) -> Bool {
        guard let input = node.inputs.first else { return false }
        switch (node.operation, wordSteps[input]) {
        case ("StringNormalizer", nil):
            guard flat.contains(input), numberTexts[input] == nil, let source = text(input),
                node.attributes["case_change_action"]?.text == "LOWER", node.attributes["locale"]?.text == "C",
                node.attributes["stopwords"] == nil
            else { return false }
            wordSteps[output] = .lowered(source)
        case ("Tokenizer", .lowered(let source)?):
            guard node.attributes["tokenexp"]?.text == WordEncoder.pattern, node.attributes["mark"]?.integer == 0,
                node.attributes["mincharnum"]?.integer == 1
            else { return false }
            wordSteps[output] = .cut(source)
        case ("TfIdfVectorizer", .cut(let source)?):
            guard let encoder = Self.words(node) else { return false }
            parts.vocabularies.append(encoder)
            wordSteps[output] = .weighed(source, vocabulary: parts.vocabularies.count - 1)
        case ("UnitRows", .weighed(let source, let vocabulary)?):
            known[output] = (0..<parts.vocabularies[vocabulary].count).map { number in
                var word = source
                word.step = .word(vocabulary: vocabulary, number: number)
                return word
            }
        default: return false
        }
        return true
    }

    private static func words(_ node: OnnxNode) -> WordEncoder? {
        guard let words = node.attributes["pool_strings"]?.texts, !words.isEmpty,
            words.count < ForestDraft.mostFeatures,
            let weights = node.attributes["weights"]?.floats, weights.count == words.count,
            node.attributes["ngram_indexes"]?.integers == Array(words.indices),
            node.attributes["mode"]?.text == "TFIDF", node.attributes["max_gram_length"]?.integer == 1
        else { return nil }
        return WordEncoder(words: words, weights: weights)
    }
}

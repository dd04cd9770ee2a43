import Foundation

/// Writes how columns become features into a graph.
struct FeatureGraph {
    private let columns: [InputColumn]
    private let union: FeatureUnion

    init(_ columns: [InputColumn], _ union: FeatureUnion) {
        self.columns = columns
        self.union = union
    }

    /// Adds the inputs and gives the name of all features side by side: rows × `union.width`.
    func write(to graph: inout OnnxBuilder) throws(LearningFault) -> String {
        var parts: [String] = []
        for (number, column) in columns.enumerated() where union.isRead(number) {
            parts += try write(column, union.columns[number], to: &graph)
        }
        guard parts.count > 1 else { return parts.first ?? "" }
        return graph.node("Concat", parts, attributes: ["axis": .integer(1)])
    }

    private typealias Features = FeatureUnion.ColumnFeatures

    /// A column's features in the order of `FeatureUnion`.
    private func write(
        _ column: InputColumn, _ features: Features, to graph: inout OnnxBuilder
    ) throws(LearningFault) -> [String] {
        let type = column.graphType
        graph.input(column.name, type, [nil, 1])
        guard type != .string || features.numbers.isEmpty && features.parts.isEmpty,
            type == .double || features.parts.isEmpty, type == .string || features.vocabularies.isEmpty
        else {
            throw LearningFault(
                "The column \"\(column.name)\" is a \(column.kind.rawValue) column and is read as another kind; "
                    + "a graph cannot do so.")
        }
        var parts: [String] = []
        for fill in features.numbers { parts.append(number(column.name, type, fill, &graph)) }
        if features.hasMissing { parts.append(missing(column.name, type, &graph)) }
        for part in features.parts { parts.append(graph.call(.datePart(part), column.name)) }
        if !features.lookups.isEmpty || !features.categories.isEmpty {
            parts += categories(column, features, &graph)
        }
        for vocabulary in features.vocabularies { parts.append(words(column.name, vocabulary, &graph)) }
        return parts
    }

    private func number(_ name: String, _ type: OnnxType, _ fill: Float?, _ graph: inout OnnxBuilder) -> String {
        let number = type == .double ? cast(name, .float, &graph) : name
        guard let fill else { return number }
        return graph.node(
            "Imputer", in: .machineLearning, [number],
            attributes: ["imputed_value_floats": .floats([fill]), "replaced_value_float": .float(.nan)])
    }

    private func cast(_ name: String, _ type: OnnxType, _ graph: inout OnnxBuilder) -> String {
        graph.node("Cast", [name], attributes: ["to": .integer(type.rawValue)])
    }

    private func missing(_ name: String, _ type: OnnxType, _ graph: inout OnnxBuilder) -> String {
        guard type == .string else { return cast(graph.node("IsNaN", [name]), .float, &graph) }
        return graph.node(
            "LabelEncoder", in: .machineLearning, [name],
            attributes: ["keys_strings": .texts([""]), "values_floats": .floats([1]), "default_float": .float(0)])
    }

    /// One value a row, without an axis for the column.
    private func flat(_ name: String, _ graph: inout OnnxBuilder) -> String {
        graph.node("Reshape", [name, graph.constant(.integers([-1]))])
    }

    // MARK: - Categories

    /// Each known text gets a number; a table tells of each number the looked-up features.
    private func categories(_ column: InputColumn, _ features: Features, _ graph: inout OnnxBuilder) -> [String] {
        let texts = features.knownTexts
        let numbers = Dictionary(uniqueKeysWithValues: zip(texts, texts.indices))
        let codes = codes(column, texts, &graph)
        var parts: [String] = []
        if !features.lookups.isEmpty {
            let table = table(features.lookups, numbers)
            parts.append(graph.node("Gather", [graph.constant(table), codes], attributes: ["axis": .integer(0)]))
        }
        if !features.categories.isEmpty {
            parts.append(
                graph.node(
                    "OneHotEncoder", in: .machineLearning, [codes],
                    attributes: [
                        "cats_int64s": .integers(features.categories.compactMap { numbers[$0] }), "zeros": .integer(1),
                    ]))
        }
        return parts
    }

    private func codes(_ column: InputColumn, _ texts: [String], _ graph: inout OnnxBuilder) -> String {
        let input = flat(column.name, &graph)
        let spellings = texts.enumerated().flatMap { number, text in
            (column.spellings(of: text) + (text == column.missingMeans ? column.spellings(of: "") : []))
                .map { ($0, number) }
        }
        let known = Dictionary(spellings, uniquingKeysWith: { first, _ in first }).sorted {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        return graph.node(
            "LabelEncoder", in: .machineLearning, [column.isNumeric ? cast(input, .string, &graph) : input],
            attributes: [
                "keys_strings": .texts(known.map(\.key)), "values_int64s": .integers(known.map(\.value)),
                "default_int64": .integer(texts.count),
            ])
    }

    /// Known texts × looked-up features; the last row is for all other texts.
    private func table(_ lookups: [LookupTable], _ numbers: [String: Int]) -> OnnxTensor {
        let width = lookups.count
        var values = Array(repeating: Float(0), count: (numbers.count + 1) * width)
        for (place, lookup) in lookups.enumerated() {
            for row in 0...numbers.count { values[row * width + place] = lookup.other }
            for (category, value) in zip(lookup.categories, lookup.numbers) {
                if let row = numbers[category] { values[row * width + place] = value }
            }
        }
        return .floats(values, [numbers.count + 1, width])
    }

    // MARK: - Words

    private func words(_ name: String, _ vocabulary: WordVocabulary, _ graph: inout OnnxBuilder) -> String {
        // In this locale letters beyond ASCII stay as they are.
        let lower = graph.node(
            "StringNormalizer", [flat(name, &graph)],
            attributes: [
                "case_change_action": .text("LOWER"), "is_case_sensitive": .integer(1), "locale": .text("C"),
            ])
        let words = graph.node(
            "Tokenizer", in: .runtime, [lower],
            attributes: [
                "mark": .integer(0), "mincharnum": .integer(1), "pad_value": .text(""),
                "tokenexp": .text("(?:[a-zA-Z0-9]|[^\\x00-\\x7f])+"),
            ])
        let weights = graph.node(
            "TfIdfVectorizer", [words],
            attributes: [
                "mode": .text("TFIDF"), "min_gram_length": .integer(1), "max_gram_length": .integer(1),
                "max_skip_count": .integer(0), "ngram_counts": .integers([0]),
                "ngram_indexes": .integers(Array(vocabulary.words.indices)), "pool_strings": .texts(vocabulary.words),
                "weights": .floats(vocabulary.weights),
            ])
        return graph.call(.unitRows, weights)
    }
}

extension InputColumn {
    /// The type of the graph's input.
    var graphType: OnnxType {
        switch kind {
        case .integer, .real: .float
        case .dateTime: .double
        case .boolean, .text: .string
        }
    }

    var isNumeric: Bool { graphType == .float }

    /// How clients may write a text of this column.
    fileprivate func spellings(of text: String) -> [String] {
        if isNumeric {
            // As a cast to text writes numbers.
            return [text.isEmpty ? "NaN" : Float(text).map(Self.shortest) ?? text]
        }
        guard kind == .boolean, ["true", "false"].contains(text.lowercased()) else { return [text] }
        return [text, text.lowercased(), text.uppercased(), text.lowercased().capitalizedASCII]
    }

    /// What ONNX Runtime makes of a number: at most eight digits.
    private static func shortest(_ value: Float) -> String {
        var buffer = [CChar](repeating: 0, count: 40)
        let length = withVaList([Double(value)]) { vsnprintf(&buffer, buffer.count, "%.8g", $0) }
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension String {
    fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}

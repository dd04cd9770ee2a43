import LazuliTrees

/// Texts become weights of their words.
extension FeatureTracing {
    mutating func followWords(_ node: OnnxNode, _ output: String) -> Bool {
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

/// Weighs the words of a text: TF-IDF, each text's weights of length 1, as the graph's function UnitRows rounds them.
struct WordEncoder {
    private let words: TextTable
    private let weights: [Float]
    /// Steps from 0 to 1.
    private static let grid: Float = 4096

    let count: Int

    init(words: [String], weights: [Float]) {
        self.words = TextTable(words)
        self.weights = weights
        count = words.count
    }

    /// What the operations that cut a text into words look like.
    static let pattern = "(?:[a-zA-Z0-9]|[^\\x00-\\x7f])+"

    /// Tells the words that stand in the text, each once, and their weights.
    func weights(of text: UnsafeBufferPointer<UInt8>, _ tell: (Int, Float) -> Void) {
        var found: [(word: Int, weight: Float)] = []
        visit(text) { word in
            if let place = found.firstIndex(where: { $0.word == word }) {
                found[place].weight += 1
            } else {
                found.append((word, 1))
            }
        }
        var squares: Float = 0
        for place in found.indices {
            found[place].weight *= weights[found[place].word]
            squares += found[place].weight * found[place].weight
        }
        let length = max(squares.squareRoot(), 1e-30)
        for (word, weight) in found {
            tell(word, (weight / length * Self.grid).rounded(.toNearestOrEven) / Self.grid)
        }
    }

    /// Runs of letters, digits and bytes above 127; only the letters of ASCII have two cases.
    private func visit(_ text: UnsafeBufferPointer<UInt8>, _ know: (Int) -> Void) {
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty, let number = word.withUnsafeBufferPointer(words.find) { know(number) }
            word.removeAll(keepingCapacity: true)
        }
        for byte in text {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte + 32)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 128...: word.append(byte)
            default: end()
            }
        }
        end()
    }
}

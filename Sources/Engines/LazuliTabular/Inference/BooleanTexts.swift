/// Texts that are true or false, as programs write them: `True`, `false`, `TRUE`.
///
/// The labels made of them have two texts, first the false, then the true, spelled as the column spells them.
struct BooleanTexts {
    /// Per text 0, 1, or −1 if it is neither.
    private let truths: [Int32]
    private let spellings: [String]

    /// Nil if a text is neither true nor false.
    init?(_ texts: UnsafeBufferPointer<LabelInterner.Entry>) {
        guard texts.allSatisfy({ Self.truth($0, Self.strict) != nil }) else { return nil }
        self.init(texts, Self.strict)
    }

    /// Takes `yes`, `no`, `1` and `0` too; other texts are missing values.
    init(lenient texts: UnsafeBufferPointer<LabelInterner.Entry>) { self.init(texts, Self.lenient) }

    private init(_ texts: UnsafeBufferPointer<LabelInterner.Entry>, _ words: [String: Int32]) {
        let truths = texts.map { Self.truth($0, words) ?? -1 }
        self.truths = truths
        let first = truths.firstIndex { $0 >= 0 }.map { texts[$0].string } ?? "true"
        spellings = (0...1).map { truth in
            truths.firstIndex(of: Int32(truth)).map { texts[$0].string } ?? Self.opposite(of: first)
        }
    }

    func values(_ labels: RawLabels) -> LabelValues {
        LabelValues(codes: labels.codes.map { $0 < 0 ? -1 : truths[Int($0)] }, texts: spellings)
    }

    func misfits(_ labels: RawLabels) -> [Int] { truths.indices.filter { truths[$0] < 0 } }

    private static let strict: [String: Int32] = ["false": 0, "true": 1]
    private static let lenient: [String: Int32] = strict.merging(
        ["no": 0, "yes": 1, "0": 0, "1": 1, "f": 0, "t": 1, "n": 0, "y": 1]) { first, _ in first }

    private static func truth(_ entry: LabelInterner.Entry, _ words: [String: Int32]) -> Int32? {
        entry.length <= 5 ? words[entry.string.lowercased()] : nil
    }

    private static func opposite(of text: String) -> String {
        let pairs = ["true": "false", "yes": "no", "1": "0", "t": "f", "y": "n"]
        let lower = text.lowercased()
        let other = pairs[lower] ?? pairs.first { $0.value == lower }?.key ?? lower
        if text == lower { return other }
        return text == text.uppercased() ? other.uppercased() : other.prefix(1).uppercased() + other.dropFirst()
    }
}

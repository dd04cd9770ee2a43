import LazuliResources

/// What a value of a YAML file may be, and how it stands on the wire. One table serves three ways: checking a file,
/// writing a request and reading an answer back.
indirect enum Shape: Sendable {
    /// Free-form content, kept as it is.
    case any
    case text
    case integer
    case number
    case boolean
    /// A scalar of any type that the wire carries as text, exactly as written.
    case literal
    /// Seconds in the file, an ISO 8601 duration on the wire.
    case seconds
    /// Minutes in the file, an ISO 8601 duration on the wire.
    case minutes
    /// One of a few words.
    case word(Words)
    case list(Shape)
    /// A list, or one element written without its brackets.
    case oneOrMore(Shape)
    case map(Shape)
    case object(Fields)
    /// A scalar or something with structure: the first shape is for scalars.
    case scalarOr(Shape, Shape)
    /// Something that has to be found, sent or registered before it has an id.
    case asset(AssetRole)
    /// The path of another YAML file, or its content in place.
    case file(Shape)
    /// A shape whose form on the wire is another one altogether.
    case coded(Shape, Codec)
    /// A shape whose checked value is rearranged before its assets are resolved.
    case prepared(Shape, @Sendable (JSON) -> JSON)
    /// Shapes that contain themselves.
    case later(@Sendable () -> Shape)
}

/// A pair of pure functions between the file's form and the wire's.
struct Codec: Sendable {
    let encode: @Sendable (JSON) -> JSON
    let decode: @Sendable (JSON) -> JSON
}

/// Words of a file and their spelling on the wire.
struct Words: Sendable, ExpressibleByDictionaryLiteral {
    let pairs: [(file: String, wire: String)]
    /// Spellings that are read and not written.
    let others: [String: String]

    init(_ pairs: [(String, String)], others: [String: String] = [:]) {
        self.pairs = pairs.map { (file: $0.0, wire: $0.1) }
        self.others = others
    }

    init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }

    /// Words that are the same on both sides.
    static func same(_ words: String...) -> Words { Words(words.map { ($0, $0) }) }

    /// The file's word for a text, whichever case and separators it is written in.
    func canonical(_ text: String) -> String? {
        let wanted = Self.folded(text)
        if let pair = pairs.first(where: { Self.folded($0.file) == wanted || Self.folded($0.wire) == wanted }) {
            return pair.file
        }
        return others.first { Self.folded($0.key) == wanted }?.value
    }

    func wire(_ text: String) -> String { pairs.first { $0.file == text }?.wire ?? text }
    func file(_ text: String) -> String { canonical(text) ?? text }

    static func folded(_ text: String) -> String { text.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " } }
}

/// What kind of thing a reference points to, and so how it gets an id.
enum AssetRole: Sendable, Equatable {
    case code, data, model, modelPath, environment, component, compute, buildContext, modelReference, job
}

/// One key of a mapping.
struct Row: Sendable {
    enum Presence: Sendable {
        case required, optional
        /// The server's to say: shown, accepted in a file and not sent.
        case shown
    }

    let key: String
    /// Where the value stands on the wire, from the mapping's own place; empty: not on the wire at all.
    let wire: [String]
    let shape: Shape
    let presence: Presence
    /// Where the key has its meaning; nil: everywhere.
    var condition: Condition?

    /// Another key of the mapping, and what it must hold.
    struct Condition: Sendable {
        let key: String
        let words: [String]
    }

    static func optional(_ key: String, _ shape: Shape = .text, at wire: String? = nil) -> Row {
        Row(key: key, wire: path(wire, key), shape: shape, presence: .optional)
    }

    static func required(_ key: String, _ shape: Shape = .text, at wire: String? = nil) -> Row {
        Row(key: key, wire: path(wire, key), shape: shape, presence: .required)
    }

    static func shown(_ key: String, _ shape: Shape = .any, at wire: String? = nil) -> Row {
        Row(key: key, wire: path(wire, key), shape: shape, presence: .shown)
    }

    /// A key that the program reads and the wire does not have.
    static func local(_ key: String, _ shape: Shape = .text) -> Row {
        Row(key: key, wire: [], shape: shape, presence: .optional)
    }

    private static func path(_ wire: String?, _ key: String) -> [String] {
        (wire ?? camelCase(key)).split(separator: ".").map(String.init)
    }

    static func camelCase(_ key: String) -> String {
        let parts = key.split(separator: "_")
        guard let first = parts.first else { return key }
        return first + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    func under(_ prefix: String) -> Row {
        Row(
            key: key, wire: wire.isEmpty ? [] : prefix.split(separator: ".").map(String.init) + wire, shape: shape,
            presence: presence, condition: condition)
    }

    /// This key, only where another holds one of these words.
    func when(_ key: String, in words: [String]) -> Row {
        var copy = self
        copy.condition = Condition(key: key, words: words)
        return copy
    }
}

extension [Row] {
    /// These rows, their places on the wire below a prefix.
    func under(_ prefix: String) -> [Row] { map { $0.under(prefix) } }
    /// These rows, only where another key holds one of these words.
    func when(_ key: String, in words: [String]) -> [Row] { map { $0.when(key, in: words) } }
    /// Optional texts.
    static func texts(_ keys: String...) -> [Row] { keys.map { .optional($0) } }
    static func integers(_ keys: String...) -> [Row] { keys.map { .optional($0, .integer) } }
    static func booleans(_ keys: String...) -> [Row] { keys.map { .optional($0, .boolean) } }
    static func shown(_ keys: String...) -> [Row] { keys.map { .shown($0) } }
}

/// The keys of a mapping; some may depend on the word that another key holds.
struct Fields: Sendable {
    let rows: [Row]
    let variants: Variants?
    /// Whether keys that no row names are kept as they are, instead of being problems.
    let keepsOthers: Bool

    init(_ rows: [Row], variants: Variants? = nil, keepsOthers: Bool = false) {
        self.rows = rows
        self.variants = variants
        self.keepsOthers = keepsOthers
    }

    /// The rows that hold when the deciding key has this word.
    /// - Parameter said: the word that a row on which others depend has.
    func rows(for word: String?, _ said: (Row) -> String?) -> [Row] {
        let all = rows + (variants?.list.first { $0.word == word }?.rows ?? [])
        guard all.contains(where: { $0.condition != nil }) else { return all }
        return all.filter { row in
            guard let condition = row.condition, let decider = all.first(where: { $0.key == condition.key }) else {
                return true
            }
            return said(decider).map(condition.words.contains) ?? false
        }
    }
}

/// The forms of a mapping that one of its keys chooses among.
struct Variants: Sendable {
    struct Variant: Sendable {
        let word: String
        let wire: String
        let rows: [Row]
    }

    /// The deciding key, such as `type`.
    let key: String
    let wire: [String]
    /// The word that a missing key means; nil: the key is required.
    let fallback: String?
    let list: [Variant]

    init(_ key: String, at wire: String, fallback: String? = nil, _ list: [(String, String, [Row])]) {
        self.key = key
        self.wire = wire.split(separator: ".").map(String.init)
        self.fallback = fallback
        self.list = list.map { Variant(word: $0.0, wire: $0.1, rows: $0.2) }
    }

    var words: Words { Words(list.map { ($0.word, $0.wire) }) }
}

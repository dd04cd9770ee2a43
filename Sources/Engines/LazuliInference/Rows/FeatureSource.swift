import LazuliTabular

/// Where a number that a model looks at comes from.
struct FeatureSource: Equatable {
    let input: Int
    let offset: Int
    var step: Step = .value

    enum Step: Equatable {
        /// The value itself.
        case value
        /// The value, or the number that stands for a missing one.
        case filled(Float)
        /// (value, or `fill` where it is missing, − shift) × factor, in single precision; NaN fills nothing.
        case scaled(fill: Float, shift: Float, factor: Float)
        /// 1 if the value is the category of that number, else 0.
        case category(encoder: Int, number: Int)
        /// 1 if there is no value, else 0.
        case missing
        case datePart(DatePart)
        /// 1 if the value has that code, else 0.
        case coded(encoder: Int, code: Int)
        /// What a table tells of the value's code.
        case looked(encoder: Int, table: Int, column: Int)
        /// How much the word of that number weighs in the text.
        case word(vocabulary: Int, number: Int)
    }
}

/// The encoders and tables that sources point to by their numbers.
struct FeatureParts {
    var encoders: [CategoryEncoder] = []
    var codes: [CodeEncoder] = []
    var tables: [LookedUpTable] = []
    var vocabularies: [WordEncoder] = []
}

/// A one-hot encoding: the categories it knows, and whether others are an error.
struct CategoryEncoder {
    let texts: TextTable?
    let integers: [Int64]
    let refusesUnknown: Bool
    let count: Int

    /// - Returns: nil if the operation's attributes are of a kind we do not evaluate.
    init?(_ node: OnnxNode) {
        let texts = node.attributes["cats_strings"]?.texts ?? []
        integers = (node.attributes["cats_int64s"]?.integers ?? []).map(Int64.init)
        guard texts.isEmpty != integers.isEmpty else { return nil }
        self.texts = texts.isEmpty ? nil : TextTable(texts)
        count = max(texts.count, integers.count)
        refusesUnknown = node.attributes["zeros"]?.integer == 0
    }

    @inline(__always)
    func number(in tensor: Tensor, at index: Int) -> Int? {
        if let texts { return texts.find(tensor.text(at: index)) }
        return integers.firstIndex(of: tensor.elements(as: Int64.self)[index])
    }
}

/// Numbers for texts, or for numbers that a graph compares as texts: an operation LabelEncoder.
struct CodeEncoder {
    private let texts: TextTable
    /// For columns of numbers; NaN has a code of its own.
    private let numbers: [Float: Int]
    private let missing: Int
    private let values: [Int]
    let otherwise: Int
    let areNumbers: Bool

    init(texts: [String], values: [Int], otherwise: Int, areNumbers: Bool) {
        self.texts = TextTable(texts)
        self.values = values
        self.otherwise = otherwise
        self.areNumbers = areNumbers
        let parsed = zip(texts, values).compactMap { text, value in Float(text).map { ($0, value) } }
        numbers = Dictionary(parsed.filter { !$0.0.isNaN }, uniquingKeysWith: { first, _ in first })
        missing = parsed.first { $0.0.isNaN }?.1 ?? otherwise
    }

    var largest: Int { max(values.max() ?? 0, otherwise) }
    var isWithinZero: Bool { otherwise >= 0 && values.allSatisfy { $0 >= 0 } }

    @inline(__always)
    func code(in tensor: Tensor, at index: Int) -> Int {
        if areNumbers {
            let number = tensor.single(at: index)
            return number.isNaN ? missing : numbers[number] ?? otherwise
        }
        return texts.find(tensor.text(at: index)).map { values[$0] } ?? otherwise
    }
}

/// A row of numbers for each code.
struct LookedUpTable {
    let numbers: [Double]
    let width: Int
}

extension Tensor {
    /// A number in single precision, as a cast in the graph makes it.
    @inline(__always)
    func single(at index: Int) -> Float {
        switch type {
        case .float32: elements(as: Float.self)[index]
        case .float64: Float(elements(as: Double.self)[index])
        case .int64: Float(elements(as: Int64.self)[index])
        case .int32: Float(elements(as: Int32.self)[index])
        case .bool, .uint8: Float(elements(as: UInt8.self)[index])
        default: .nan
        }
    }

    /// A number, or another where there is none.
    @inline(__always)
    func single(at index: Int, orElse fill: Float) -> Float {
        let number = single(at: index)
        return number.isNaN ? fill : number
    }

    /// A number in double precision.
    func double(at index: Int) -> Double {
        type == .float64 ? elements(as: Double.self)[index] : Double(single(at: index))
    }
}

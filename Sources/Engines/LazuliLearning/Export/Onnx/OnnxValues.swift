/// A type of ONNX; the raw value is TensorProto.DataType's.
enum OnnxType: Int {
    case float = 1
    case int64 = 7
    case string = 8
    case bool = 9
    case double = 11
}

/// A constant of a graph.
struct OnnxTensor: Hashable {
    enum Content: Hashable {
        case floats([Float])
        case doubles([Double])
        case integers([Int])
        case booleans([Bool])
        case texts([String])
    }

    let shape: [Int]
    let content: Content

    init(_ content: Content, shape: [Int]) {
        self.content = content
        self.shape = shape
    }

    static func floats(_ values: [Float], _ shape: [Int]? = nil) -> OnnxTensor {
        OnnxTensor(.floats(values), shape: shape ?? [values.count])
    }
    static func integers(_ values: [Int]) -> OnnxTensor { OnnxTensor(.integers(values), shape: [values.count]) }
    /// A tensor without axes.
    static func scalar(_ value: Float) -> OnnxTensor { OnnxTensor(.floats([value]), shape: []) }
    static func scalar(_ value: Double) -> OnnxTensor { OnnxTensor(.doubles([value]), shape: []) }
    static func scalar(_ value: Int) -> OnnxTensor { OnnxTensor(.integers([value]), shape: []) }

    private var type: OnnxType {
        switch content {
        case .floats: .float
        case .doubles: .double
        case .integers: .int64
        case .booleans: .bool
        case .texts: .string
        }
    }

    /// TensorProto.
    func message(name: String?) -> ProtobufWriter {
        .message { tensor in
            if !shape.isEmpty { tensor.packed(1, shape) }
            tensor.integer(2, type.rawValue)
            if let name { tensor.text(8, name) }
            switch content {
            case .floats(let values): tensor.raw(9) { for value in values { $0.fixed(value.bitPattern) } }
            case .doubles(let values): tensor.raw(9) { for value in values { $0.fixed(value.bitPattern) } }
            case .integers(let values): tensor.raw(9) { for value in values { $0.fixed(Int64(value)) } }
            case .booleans(let values): tensor.bytes(9, values.map { $0 ? 1 : 0 })
            case .texts(let texts): for text in texts { tensor.text(6, text) }
            }
        }
    }
}

/// What an operation is told beside its inputs.
enum OnnxAttribute {
    case integer(Int)
    case float(Float)
    case text(String)
    case integers([Int])
    case floats([Float])
    case texts([String])
    case tensor(OnnxTensor)

    /// AttributeProto; the last field is AttributeType.
    func message(name: String) -> ProtobufWriter {
        .message { attribute in
            attribute.text(1, name)
            switch self {
            case .float(let value):
                attribute.float(2, value)
                attribute.integer(20, 1)
            case .integer(let value):
                attribute.integer(3, value)
                attribute.integer(20, 2)
            case .text(let text):
                attribute.text(4, text)
                attribute.integer(20, 3)
            case .tensor(let tensor):
                attribute.message(5, tensor.message(name: nil))
                attribute.integer(20, 4)
            case .floats(let values):
                attribute.packed(7, values)
                attribute.integer(20, 6)
            case .integers(let values):
                attribute.packed(8, values)
                attribute.integer(20, 7)
            case .texts(let texts):
                for text in texts { attribute.text(9, text) }
                attribute.integer(20, 8)
            }
        }
    }
}

/// A set of operations.
enum OnnxDomain: String, CaseIterable {
    case core = ""
    case machineLearning = "ai.onnx.ml"
    /// ONNX Runtime's own.
    case runtime = "com.microsoft"
    /// The functions that a graph of ours brings along.
    case lazuli = "ai.lazuli"

    /// The version that our graphs ask for.
    var version: Int {
        switch self {
        case .core: 17
        case .machineLearning: 3
        case .runtime, .lazuli: 1
        }
    }
}

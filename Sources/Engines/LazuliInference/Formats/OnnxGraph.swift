/// What an ONNX file says of itself: its inputs, outputs and operations. Weights are passed over.
///
/// Source: onnx/onnx.proto; the numbers below are its field numbers.
struct OnnxGraph: Sendable {
    /// What clients give, without the weights that old files list as inputs too.
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    let nodes: [OnnxNode]
    /// Whole-number weights with few elements, by name: shapes and axes.
    let smallConstants: [String: [Int]]
    /// Weights with their elements; empty unless all operations are such as work row by row.
    let constants: [String: OnnxConstant]
    /// Outputs that are maps from class to probability, by the name of the tensor that holds the probabilities.
    let maps: [String: ClassMap]
    /// Weights lie in files beside the model, so it must be loaded by path.
    let hasExternalData: Bool

    /// An output that scikit-learn's converter wraps into one map per row (operator ZipMap).
    struct ClassMap: Sendable, Equatable {
        /// The name of the wrapped output.
        let name: String
        let classes: [String]
    }

    /// Why a file cannot be read as ONNX, or holds what we cannot give or take.
    struct Unreadable: Error { let reason: String }

    init(parsing bytes: UnsafeRawBufferPointer) throws(Unreadable) {
        let parts: GraphParts
        do {
            parts = try GraphParts(model: bytes)
        } catch {
            throw Unreadable(reason: "The file is no ONNX model: it does not follow the format.")
        }
        guard parts.hasGraph else { throw Unreadable(reason: "The file is no ONNX model: it has no graph.") }
        var maps: [String: ClassMap] = [:]
        var outputs: [TensorSpec] = []
        for output in parts.outputs {
            if let node = parts.nodes.first(where: { $0.operation == "ZipMap" && $0.outputs == [output.name] }),
                let inner = node.inputs.first
            {
                maps[inner] = ClassMap(name: output.name, classes: node.classes)
                outputs.append(TensorSpec(name: inner, type: .float32, shape: [-1, node.classes.count]))
            } else {
                outputs.append(try output.spec("output"))
            }
        }
        var inputs: [TensorSpec] = []
        for input in parts.inputs where !parts.weights.contains(input.name) { inputs.append(try input.spec("input")) }
        self.inputs = inputs
        self.outputs = outputs
        self.maps = maps
        nodes = parts.nodes
        smallConstants = parts.smallConstants
        constants = parts.constants
        hasExternalData = parts.hasExternalData
    }
}

/// One operation of a graph, with the attributes that matter here.
struct OnnxNode: Sendable {
    var operation = ""
    var domain = ""
    var inputs: [String] = []
    var outputs: [String] = []
    var attributes: [String: OnnxAttribute] = [:]

    /// The classes of a ZipMap or a classifier, as JSON keys.
    var classes: [String] {
        if let texts = attributes["classlabels_strings"]?.texts, !texts.isEmpty { return texts }
        return (attributes["classlabels_int64s"]?.integers ?? []).map(String.init)
    }
}

struct OnnxAttribute: Sendable {
    var integer: Int?
    var float: Float?
    var text: String?
    var integers: [Int] = []
    var floats: [Float] = []
    var texts: [String] = []
    /// A tensor attribute, whose content is not read here.
    var hasTensor = false
}

/// An input or output as the file declares it.
struct OnnxValue {
    var name = ""
    var typeCode: Int?
    var shape: [Int] = []

    func spec(_ role: String) throws(OnnxGraph.Unreadable) -> TensorSpec {
        guard let typeCode else {
            throw OnnxGraph.Unreadable(reason: "The model's \(role) \"\(name)\" is no tensor but a sequence or a map.")
        }
        guard let type = ElementType(rawValue: typeCode) else {
            throw OnnxGraph.Unreadable(
                reason: "The model's \(role) \"\(name)\" has ONNX type \(typeCode) (float16, complex or quantised), "
                    + "which requests in JSON cannot carry.")
        }
        return TensorSpec(name: name, type: type, shape: shape)
    }
}

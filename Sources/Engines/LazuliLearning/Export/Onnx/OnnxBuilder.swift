/// Puts a graph of ONNX together: operations, constants, inputs, outputs.
///
/// Source: onnx/onnx.proto; the numbers below are its field numbers.
struct OnnxBuilder {
    private var nodes: [ProtobufWriter] = []
    private var constants: [ProtobufWriter] = []
    private var constantNames: [OnnxTensor: String] = [:]
    private var inputs: [ProtobufWriter] = []
    private var outputs: [ProtobufWriter] = []
    private var functions: [OnnxFunction] = []
    private var domains: Set<OnnxDomain> = [.core]
    private var taken: Set<String> = []
    private var count = 0
    /// The body of a function has no constants of its own; they are operations there.
    fileprivate let isFunction: Bool

    /// - Parameter names: names that the outside gives, which nothing inside may have.
    init(reserving names: some Sequence<String> = [String](), isFunction: Bool = false) {
        taken = Set(names)
        self.isFunction = isFunction
    }

    private mutating func freshName(_ wanted: String) -> String {
        var name = wanted
        while !taken.insert(name).inserted {
            count += 1
            name = "\(wanted)_\(count)"
        }
        return name
    }

    /// A name for an output that no input has.
    mutating func outputName(_ wanted: String) -> String {
        freshName(taken.contains(wanted) ? "predicted_\(wanted)" : wanted)
    }

    mutating func input(_ name: String, _ type: OnnxType, _ shape: [Int?]) {
        inputs.append(Self.value(name, type, shape))
    }

    mutating func output(_ name: String, _ type: OnnxType, _ shape: [Int?]) {
        outputs.append(Self.value(name, type, shape))
    }

    /// A constant; equal ones are kept once.
    mutating func constant(_ tensor: OnnxTensor) -> String {
        if let name = constantNames[tensor] { return name }
        let name: String
        if isFunction {
            name = node("Constant", [], attributes: ["value": .tensor(tensor)])
        } else {
            name = freshName("constant")
            constants.append(tensor.message(name: name))
        }
        constantNames[tensor] = name
        return name
    }

    /// Adds an operation with one output, and gives that output's name.
    @discardableResult
    mutating func node(
        _ operation: String, in domain: OnnxDomain = .core, _ inputs: [String], named output: String? = nil,
        attributes: KeyValuePairs<String, OnnxAttribute> = [:]
    ) -> String {
        let output = output ?? freshName(operation.lowercased())
        domains.insert(domain)
        nodes.append(
            .message { node in
                for input in inputs { node.text(1, input) }
                node.text(2, output)
                node.text(3, output)
                node.text(4, operation)
                for (name, attribute) in attributes { node.message(5, attribute.message(name: name)) }
                if domain != .core { node.text(7, domain.rawValue) }
            })
        return output
    }

    /// The lowest numbers of each row, lowest first, and where they stand.
    mutating func nearest(_ numbers: String, _ count: String) -> (values: String, indices: String) {
        let values = freshName("nearest"), indices = freshName("indices")
        nodes.append(
            .message { node in
                node.text(1, numbers)
                node.text(1, count)
                node.text(2, values)
                node.text(2, indices)
                node.text(3, values)
                node.text(4, "TopK")
                node.message(5, OnnxAttribute.integer(0).message(name: "largest"))
            })
        return (values, indices)
    }

    /// Calls a function, which becomes a part of the file.
    mutating func call(_ function: OnnxFunction, _ input: String) -> String {
        if !functions.contains(where: { $0.name == function.name }) { functions.append(function) }
        return node(function.name, in: .lazuli, [input])
    }

    /// ModelProto.
    /// - Parameter metadata: what the file says of itself.
    func model(metadata: KeyValuePairs<String, String>, version: String) -> [UInt8] {
        ProtobufWriter.message { model in
            model.integer(1, 8)
            model.text(2, "lazuli")
            model.text(3, version)
            model.message(7) { graph in
                for node in nodes { graph.message(1, node) }
                graph.text(2, "model")
                for constant in constants { graph.message(5, constant) }
                for input in inputs { graph.message(11, input) }
                for output in outputs { graph.message(12, output) }
            }
            for domain in OnnxDomain.allCases where domains.contains(domain) {
                model.message(8, Self.operations(domain))
            }
            for (key, value) in metadata {
                model.message(14) {
                    $0.text(1, key)
                    $0.text(2, value)
                }
            }
            for function in functions { model.message(25, function.message) }
        }.bytes
    }

    /// FunctionProto.
    fileprivate func function(_ name: String, input: String, output: String) -> ProtobufWriter {
        .message { function in
            function.text(1, name)
            function.text(4, input)
            function.text(5, output)
            for node in nodes { function.message(7, node) }
            function.message(9, Self.operations(.core))
            function.text(10, OnnxDomain.lazuli.rawValue)
        }
    }

    private static func operations(_ domain: OnnxDomain) -> ProtobufWriter {
        .message {
            $0.text(1, domain.rawValue)
            $0.integer(2, domain.version)
        }
    }

    /// ValueInfoProto. An axis without a length counts the rows.
    private static func value(_ name: String, _ type: OnnxType, _ shape: [Int?]) -> ProtobufWriter {
        .message { value in
            value.text(1, name)
            value.message(2) {
                $0.message(1) { tensor in
                    tensor.integer(1, type.rawValue)
                    tensor.message(2) { axes in
                        for length in shape {
                            axes.message(1) { if let length { $0.integer(1, length) } else { $0.text(2, "N") } }
                        }
                    }
                }
            }
        }
    }
}

/// A function of one input and one output, made of core operations; runtimes put its body where it is called.
struct OnnxFunction {
    let name: String
    let message: ProtobufWriter

    /// - Parameter body: gets the input's name and gives the output's.
    init(_ name: String, body: (inout OnnxBuilder, String) -> String) {
        var builder = OnnxBuilder(reserving: ["x"], isFunction: true)
        let output = body(&builder, "x")
        self.name = name
        message = builder.function(name, input: "x", output: output)
    }
}

/// Writes small ONNX files for tests; the numbers are the fields of onnx.proto.
enum OnnxWriting {
    static func varint(_ value: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(value)), bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(content.count) + content
    }
    static func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
    static func field(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }

    static func value(_ name: String, _ type: Int, _ shape: [Int]) -> [UInt8] {
        let axes = shape.flatMap { field(1, $0 < 0 ? field(2, "N") : field(1, $0)) }
        return field(1, name) + field(2, field(1, field(1, type) + field(2, axes)))
    }

    static func node(_ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [[UInt8]] = [])
        -> [UInt8]
    {
        inputs.flatMap { field(1, $0) } + outputs.flatMap { field(2, $0) } + field(4, operation)
            + attributes.flatMap { field(5, $0) }
    }

    static func attribute(_ name: String, texts: [String]) -> [UInt8] {
        field(1, name) + texts.flatMap { field(9, $0) } + field(20, 8)
    }

    static func attribute(_ name: String, integers: [Int]) -> [UInt8] {
        field(1, name) + integers.flatMap { field(8, $0) } + field(20, 7)
    }

    static func attribute(_ name: String, integer: Int) -> [UInt8] { field(1, name) + field(3, integer) + field(20, 2) }

    static func attribute(_ name: String, floats: [Float]) -> [UInt8] {
        let packed = floats.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        return field(1, name) + field(7, packed) + field(20, 6)
    }

    static func model(nodes: [[UInt8]], inputs: [[UInt8]], outputs: [[UInt8]]) -> [UInt8] {
        let graph =
            nodes.flatMap { field(1, $0) } + field(2, "g") + inputs.flatMap { field(11, $0) }
            + outputs.flatMap { field(12, $0) }
        let opsets = field(8, field(1, "") + field(2, 18)) + field(8, field(1, "ai.onnx.ml") + field(2, 3))
        return field(1, 9) + field(7, graph) + opsets
    }

    /// `cut` one-hot encoded beside `carat`, into two stumps: 10 for carat over 1.5 (and for none), 1 for cut "Ideal".
    static var twoStumps: [UInt8] {
        let encoder = node(
            "OneHotEncoder", ["cut"], ["coded"],
            [attribute("cats_strings", texts: ["Fair", "Ideal"]), attribute("zeros", integer: 1)])
        let joined = node("Concat", ["coded", "carat"], ["features"], [attribute("axis", integer: 1)])
        let trees = node(
            "TreeEnsembleRegressor", ["features"], ["sum"],
            [
                attribute("n_targets", integer: 1),
                attribute("nodes_treeids", integers: [0, 0, 0, 1, 1, 1]),
                attribute("nodes_nodeids", integers: [0, 1, 2, 0, 1, 2]),
                attribute("nodes_featureids", integers: [2, 0, 0, 1, 0, 0]),
                attribute("nodes_values", floats: [1.5, 0, 0, 0.5, 0, 0]),
                attribute("nodes_modes", texts: ["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"]),
                attribute("nodes_truenodeids", integers: [1, 0, 0, 1, 0, 0]),
                attribute("nodes_falsenodeids", integers: [2, 0, 0, 2, 0, 0]),
                attribute("target_treeids", integers: [0, 0, 1, 1]),
                attribute("target_nodeids", integers: [1, 2, 1, 2]),
                attribute("target_ids", integers: [0, 0, 0, 0]), attribute("target_weights", floats: [0, 10, 1, 0]),
                attribute("base_values", floats: [100]),
            ])
        return model(
            nodes: [encoder, joined, trees, node("Identity", ["sum"], ["price"])],
            inputs: [value("cut", 8, [-1, 1]), value("carat", 1, [-1, 1])], outputs: [value("price", 1, [-1, 1])])
    }

    /// A graph with an operation, Clip without bounds, that only ONNX Runtime evaluates.
    static func negation(inputs: [Int] = [-1, 2]) -> [UInt8] {
        model(
            nodes: [node("Neg", ["x"], ["below"]), node("Clip", ["below"], ["y"])], inputs: [value("x", 1, inputs)],
            outputs: [value("y", 1, inputs)])
    }
}

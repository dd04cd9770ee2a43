/// The pieces of an ONNX file, as they stand in it.
struct GraphParts {
    var hasGraph = false
    var inputs: [OnnxValue] = []
    var outputs: [OnnxValue] = []
    var nodes: [OnnxNode] = []
    var weights: Set<String> = []
    var smallConstants: [String: [Int]] = [:]
    /// All weights, if the graph may be evaluated row by row.
    var constants: [String: OnnxConstant] = [:]
    var hasExternalData = false

    private typealias Bytes = Slice<UnsafeRawBufferPointer>

    init(model: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(model)
        while let (field, value) = try reader.next() {
            guard field == 7, case .bytes(let graph) = value else { continue }
            hasGraph = true
            try read(graph: graph)
        }
    }

    private mutating func read(graph: Bytes) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(graph)
        while let (field, value) = try reader.next() {
            if field == 1, case .bytes(let bytes) = value { nodes.append(try Self.node(bytes)) }
        }
        let mayBeRows = RowCompiler.knows(nodes)
        reader = ProtobufReader(graph)
        while let (field, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { continue }
            switch field {
            case 5:
                try readWeight(bytes)
                if mayBeRows { try readConstant(bytes) }
            case 11: inputs.append(try Self.value(bytes))
            case 12: outputs.append(try Self.value(bytes))
            default: break
            }
        }
    }

    private mutating func readWeight(_ bytes: Bytes) throws(ProtobufReader.Malformed) {
        var name = "", type = 0, raw: Bytes?, numbers: [Int] = []
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, _): type = value.integer ?? 0
            case (7, _): if bytes.count < 1024 { try value.append(to: &numbers) }
            case (8, _): name = value.text ?? ""
            case (9, .bytes(let content)): raw = content
            case (14, _): hasExternalData = hasExternalData || value.integer == 1
            default: break
            }
        }
        weights.insert(name)
        guard type == ElementType.int64.rawValue, bytes.count < 1024 else { return }
        if let raw { numbers = try Self.integers(raw) }
        smallConstants[name] = numbers
    }

    private mutating func readConstant(_ bytes: Bytes) throws(ProtobufReader.Malformed) {
        var name: String?
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() { if field == 8 { name = value.text } }
        if let name, let constant = try OnnxConstant(bytes) { constants[name] = constant }
    }

    private static func integers(_ raw: Bytes) throws(ProtobufReader.Malformed) -> [Int] {
        var reader = ProtobufReader(raw)
        var numbers: [Int] = []
        while !reader.isAtEnd { numbers.append(Int(Int64(bitPattern: try reader.fixed(UInt64.self)))) }
        return numbers
    }

    private static func node(_ bytes: Bytes) throws(ProtobufReader.Malformed) -> OnnxNode {
        var node = OnnxNode()
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, _): node.inputs.append(value.text ?? "")
            case (2, _): node.outputs.append(value.text ?? "")
            case (4, _): node.operation = value.text ?? ""
            case (5, .bytes(let attribute)):
                let (name, content) = try self.attribute(attribute)
                node.attributes[name] = content
            case (7, _): node.domain = value.text ?? ""
            default: break
            }
        }
        return node
    }

    private static func attribute(_ bytes: Bytes) throws(ProtobufReader.Malformed) -> (String, OnnxAttribute) {
        var name = "", attribute = OnnxAttribute()
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch field {
            case 1: name = value.text ?? ""
            case 2: attribute.float = value.float
            case 3: attribute.integer = value.integer
            case 4: attribute.text = value.text
            case 5: attribute.hasTensor = true
            case 7: try value.append(to: &attribute.floats)
            case 8: try value.append(to: &attribute.integers)
            case 9: attribute.texts.append(value.text ?? "")
            default: break
            }
        }
        return (name, attribute)
    }

    private static func value(_ bytes: Bytes) throws(ProtobufReader.Malformed) -> OnnxValue {
        var described = OnnxValue()
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, _): described.name = value.text ?? ""
            case (2, .bytes(let type)):
                var reader = ProtobufReader(type)
                while let (field, value) = try reader.next() {
                    if field == 1, case .bytes(let tensor) = value { try readTensorType(tensor, into: &described) }
                }
            default: break
            }
        }
        return described
    }

    private static func readTensorType(
        _ bytes: Bytes, into described: inout OnnxValue
    ) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            if field == 1 { described.typeCode = value.integer }
            guard field == 2, case .bytes(let shape) = value else { continue }
            var axes = ProtobufReader(shape)
            while let (field, value) = try axes.next() {
                if field == 1, case .bytes(let axis) = value { described.shape.append(try length(of: axis)) }
            }
        }
    }

    /// −1 for an axis that has a name, or nothing at all.
    private static func length(of axis: Bytes) throws(ProtobufReader.Malformed) -> Int {
        var reader = ProtobufReader(axis)
        while let (field, value) = try reader.next() {
            if field == 1, let length = value.integer { return length }
        }
        return -1
    }
}

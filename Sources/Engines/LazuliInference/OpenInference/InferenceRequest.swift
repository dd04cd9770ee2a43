/// A request of the Open Inference Protocol, version 2, read into the tensors of a model.
///
/// Source: kserve/open-inference-protocol, and Triton's extension for binary tensors.
struct InferenceRequest {
    struct Wanted {
        let name: String
        let isBinary: Bool
    }

    private(set) var id: [UInt8]?
    /// Empty: all.
    private(set) var outputs: [Wanted] = []
    private(set) var wantsAllBinary = false
    private let model: LoadedModel
    private var seen = Set<Int>()
    /// Where the binary data of the next tensor begins, behind the JSON.
    private var binary: UnsafeRawBufferPointer

    /// - Parameter headerLength: how many bytes of the body are JSON.
    init(
        _ body: UnsafeBufferPointer<UInt8>, headerLength: Int?, model: LoadedModel
    ) throws(ScoringFault) {
        self.model = model
        let length = headerLength ?? body.count
        guard length >= 0, length <= body.count else {
            throw ScoringFault("Inference-Header-Content-Length says \(length); the body has \(body.count) bytes.")
        }
        binary = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: body[length...]))
        for tensor in model.inputs { tensor.removeTexts() }
        var cursor = JSONCursor(UnsafeBufferPointer(rebasing: body[..<length]))
        try read(&cursor)
        try cursor.expectEnd()
        guard let missing = model.scorer.inputs.indices.first(where: { !seen.contains($0) }) else { return }
        throw ScoringFault("The request lacks the input \"\(model.scorer.inputs[missing].name)\".")
    }

    private mutating func read(_ cursor: inout JSONCursor) throws(ScoringFault) {
        try Self.members(&cursor) { key, cursor throws(ScoringFault) in
            switch key {
            case "id": id = try Self.text(&cursor)
            case "inputs":
                try Self.elements(&cursor) { cursor throws(ScoringFault) in try readInput(&cursor) }
            case "outputs":
                try Self.elements(&cursor) { cursor throws(ScoringFault) in try readOutput(&cursor) }
            case "parameters":
                try Self.members(&cursor) { key, cursor throws(ScoringFault) in
                    let start = cursor
                    try cursor.skip()
                    if key == "binary_data_output" { wantsAllBinary = start.excerpt() == "true" }
                }
            default: try cursor.skip()
            }
        }
    }

    private mutating func readOutput(_ cursor: inout JSONCursor) throws(ScoringFault) {
        var name = "", isBinary: Bool?
        try Self.members(&cursor) { key, cursor throws(ScoringFault) in
            switch key {
            case "name": name = String(decoding: try Self.text(&cursor), as: UTF8.self)
            case "parameters":
                try Self.members(&cursor) { key, cursor throws(ScoringFault) in
                    let start = cursor
                    try cursor.skip()
                    if key == "binary_data" { isBinary = start.excerpt() == "true" }
                }
            default: try cursor.skip()
            }
        }
        outputs.append(Wanted(name: name, isBinary: isBinary ?? wantsAllBinary))
    }

    private struct Entry {
        var name = ""
        var type = ""
        var shape: [Int] = []
        var data: JSONCursor?
        var binarySize: Int?
    }

    private mutating func readInput(_ cursor: inout JSONCursor) throws(ScoringFault) {
        var entry = Entry()
        try Self.members(&cursor) { key, cursor throws(ScoringFault) in
            switch key {
            case "name": entry.name = String(decoding: try Self.text(&cursor), as: UTF8.self)
            case "datatype": entry.type = String(decoding: try Self.text(&cursor), as: UTF8.self)
            case "shape":
                try Self.elements(&cursor) { cursor throws(ScoringFault) in entry.shape.append(try Self.length(&cursor))
                }
            case "data":
                _ = cursor.peek()
                entry.data = cursor
                try cursor.skip()
            case "parameters":
                try Self.members(&cursor) { key, cursor throws(ScoringFault) in
                    if key == "binary_data_size" {
                        entry.binarySize = try Self.length(&cursor)
                    } else {
                        try cursor.skip()
                    }
                }
            default: try cursor.skip()
            }
        }
        try fill(entry)
    }

    private mutating func fill(_ entry: Entry) throws(ScoringFault) {
        let specs = model.scorer.inputs
        guard let index = specs.firstIndex(where: { $0.name == entry.name }) else {
            throw ScoringFault(
                "The model has no input \"\(entry.name)\". Its inputs are: \(specs.map(\.name).joined(separator: ", "))."
            )
        }
        let spec = specs[index], tensor = model.inputs[index]
        guard entry.type == spec.type.protocolName else {
            throw ScoringFault(
                "The input \"\(entry.name)\" is given as \(entry.type); the model takes \(spec.type.protocolName).")
        }
        let shape = try spec.fitting(entry.shape)
        guard let count = Self.product(entry.shape) else {
            throw ScoringFault("The shape of the input \"\(entry.name)\" is too large.")
        }
        if let size = entry.binarySize {
            try fill(tensor, spec, count, size)
        } else if var data = entry.data {
            var reader = NestedReader(tensor, name: entry.name)
            _ = try reader.read(&data)
            guard reader.count == count else {
                throw ScoringFault("The input \"\(entry.name)\" has \(reader.count) elements; its shape says \(count).")
            }
        } else {
            throw ScoringFault("The input \"\(entry.name)\" has neither data nor binary_data_size.")
        }
        tensor.shape = shape
        seen.insert(index)
    }

    private static func product(_ shape: [Int]) -> Int? {
        var product = 1
        for length in shape {
            let (next, over) = product.multipliedReportingOverflow(by: length)
            if over || next > 1 << 40 { return nil }
            product = next
        }
        return product
    }

    private mutating func fill(
        _ tensor: Tensor, _ spec: TensorSpec, _ count: Int, _ size: Int
    ) throws(ScoringFault) {
        guard size <= binary.count else {
            throw ScoringFault(
                "The input \"\(spec.name)\" announces \(size) bytes of binary data; \(binary.count) are left in the body."
            )
        }
        let data = UnsafeRawBufferPointer(rebasing: binary[..<size])
        binary = UnsafeRawBufferPointer(rebasing: binary[size...])
        if tensor.type == .string { return try fillTexts(tensor, spec, count, data) }
        guard size == count * spec.type.size else {
            throw ScoringFault(
                "The input \"\(spec.name)\" has \(size) bytes; \(count) elements of \(spec.type.protocolName) "
                    + "take \(count * spec.type.size).")
        }
        tensor.reserve(count)
        if let start = data.baseAddress { tensor.memory.copyMemory(from: start, byteCount: size) }
    }

    /// Each text stands behind its length, four bytes little-endian.
    private func fillTexts(
        _ tensor: Tensor, _ spec: TensorSpec, _ count: Int, _ data: UnsafeRawBufferPointer
    ) throws(ScoringFault) {
        var position = 0, found = 0
        while position + 4 <= data.count, found < count {
            let length = Int(UInt32(littleEndian: data.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            position += 4
            guard length <= data.count - position else { break }
            tensor.reserve(found + 1)
            let text = UnsafeRawBufferPointer(rebasing: data[position..<position + length])
            tensor.setText(text.bindMemory(to: UInt8.self), at: found)
            position += length
            found += 1
        }
        guard found == count, position == data.count else {
            throw ScoringFault("The binary data of the input \"\(spec.name)\" does not hold \(count) texts.")
        }
    }
}

extension InferenceRequest {
    /// Steps through an object.
    private static func members(
        _ cursor: inout JSONCursor, _ body: (String, inout JSONCursor) throws(ScoringFault) -> Void
    ) throws(ScoringFault) {
        try cursor.expect("{")
        if cursor.take("}") { return }
        repeat {
            let key = String(decoding: try cursor.string().bytes, as: UTF8.self)
            try cursor.expect(":")
            try body(key, &cursor)
        } while try cursor.another(before: "}")
    }

    /// Steps through a list.
    private static func elements(
        _ cursor: inout JSONCursor, _ body: (inout JSONCursor) throws(ScoringFault) -> Void
    ) throws(ScoringFault) {
        try cursor.expect("[")
        if cursor.take("]") { return }
        repeat { try body(&cursor) } while try cursor.another(before: "]")
    }

    private static func text(_ cursor: inout JSONCursor) throws(ScoringFault) -> [UInt8] {
        let (bytes, hasEscapes) = try cursor.string()
        guard hasEscapes else { return Array(bytes) }
        var unescaping = TextUnescaping()
        return try unescaping.resolve(bytes)
    }

    private static func length(_ cursor: inout JSONCursor) throws(ScoringFault) -> Int {
        guard let length = try cursor.number().whole, length >= 0 else {
            throw cursor.malformed("a length must be a whole number of at least 0")
        }
        return Int(length)
    }
}

/// Writes answers of the Open Inference Protocol, version 2.
struct InferenceAnswer {
    let modelName: String
    let version: Int
    let request: InferenceRequest

    /// Writes the answer's body.
    /// - Returns: the length of its JSON, if binary data follows it.
    func write(_ model: LoadedModel, into buffer: inout AnswerBuffer) throws(ScoringFault) -> Int? {
        let chosen = try chosenOutputs(model)
        let start = buffer.count
        buffer.append("{\"model_name\":" as StaticString)
        Self.quote(modelName, &buffer)
        buffer.append(",\"model_version\":\"\(version)\"")
        if let id = request.id {
            buffer.append(",\"id\":" as StaticString)
            id.withUnsafeBufferPointer { buffer.append(quoted: $0) }
        }
        buffer.append(",\"outputs\":[" as StaticString)
        for (index, output) in chosen.enumerated() {
            if index > 0 { buffer.append(",") }
            describe(model.scorer.outputs[output.index], model.outputs[output.index], output.isBinary, &buffer)
        }
        buffer.append("]}" as StaticString)
        let length = buffer.count - start
        guard chosen.contains(where: \.isBinary) else { return nil }
        for output in chosen where output.isBinary { Self.append(model.outputs[output.index], to: &buffer) }
        return length
    }

    private struct Chosen {
        let index: Int
        let isBinary: Bool
    }

    private func chosenOutputs(_ model: LoadedModel) throws(ScoringFault) -> [Chosen] {
        let specs = model.scorer.outputs
        if request.outputs.isEmpty {
            return specs.indices.map { Chosen(index: $0, isBinary: request.wantsAllBinary) }
        }
        var chosen: [Chosen] = []
        for wanted in request.outputs {
            guard let index = specs.firstIndex(where: { $0.name == wanted.name }) else {
                throw ScoringFault(
                    "The model has no output \"\(wanted.name)\". Its outputs are: \(specs.map(\.name).joined(separator: ", "))."
                )
            }
            chosen.append(Chosen(index: index, isBinary: wanted.isBinary))
        }
        return chosen
    }

    private func describe(_ spec: TensorSpec, _ tensor: Tensor, _ isBinary: Bool, _ buffer: inout AnswerBuffer) {
        buffer.append("{\"name\":" as StaticString)
        Self.quote(spec.name, &buffer)
        let shape = tensor.shape.map(String.init).joined(separator: ",")
        buffer.append(",\"datatype\":\"\(spec.type.protocolName)\",\"shape\":[\(shape)],")
        if isBinary {
            buffer.append("\"parameters\":{\"binary_data_size\":\(Self.binarySize(tensor))}}")
        } else {
            buffer.append("\"data\":" as StaticString)
            buffer.append(block: 0, axes: [tensor.count], of: tensor)
            buffer.append("}")
        }
    }

    private static func binarySize(_ tensor: Tensor) -> Int {
        guard tensor.type == .string else { return tensor.byteCount }
        return (0..<tensor.count).reduce(0) { $0 + 4 + tensor.text(at: $1).count }
    }

    private static func append(_ tensor: Tensor, to buffer: inout AnswerBuffer) {
        guard tensor.type == .string else {
            return buffer.append(UnsafeRawBufferPointer(start: tensor.memory, count: tensor.byteCount))
        }
        for index in 0..<tensor.count {
            let text = tensor.text(at: index)
            buffer.append(number: UInt32(text.count))
            buffer.append(UnsafeRawBufferPointer(text))
        }
    }

    private static func quote(_ text: String, _ buffer: inout AnswerBuffer) {
        var text = text
        text.withUTF8 { buffer.append(quoted: $0) }
    }
}

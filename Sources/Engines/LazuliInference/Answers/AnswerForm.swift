/// How the outputs of a model look in an answer.
///
/// What MLflow's own server makes of its ONNX flavour was looked at (3.17): rows in a data frame come back as records,
/// even of a single output; arrays come back as an object of arrays. Its other flavours give a bare list.
package enum AnswerForm: Sendable, Equatable {
    /// One output: `[1.0, 2.0]`. Several: records.
    case values
    /// `[{"output": 1.0}, …]`
    case records
    /// `{"output": [[1.0], …]}`
    case arrays
}

/// Writes answers of one model.
struct AnswerWriter {
    private let form: AnswerForm
    /// The key of each output, quoted, with its colon.
    private let keys: [[UInt8]]
    /// The classes of an output that is a map from class to probability; quoted, with their colons.
    private let classes: [[[UInt8]]?]

    init(form: AnswerForm, outputs: [TensorSpec], maps: [String: OnnxGraph.ClassMap]) {
        self.form = form == .values && outputs.count > 1 ? .records : form
        keys = outputs.map { Self.key(maps[$0.name]?.name ?? $0.name) }
        classes = outputs.map { maps[$0.name]?.classes.map(Self.key) }
    }

    private static func key(_ name: String) -> [UInt8] {
        var buffer = AnswerBuffer(capacity: 64)
        Array(name.utf8).withUnsafeBufferPointer { buffer.append(quoted: $0) }
        buffer.append(": " as StaticString)
        return Array(buffer.bytes)
    }

    /// Writes all rows of the outputs. Models exist that give one result for all rows, or different numbers of them.
    func write(_ outputs: [Tensor], envelope: Envelope, into buffer: inout AnswerBuffer) {
        if case .predictions = envelope { buffer.append("{\"predictions\": " as StaticString) }
        let rows = 0..<(outputs.first?.shape.first ?? 0)
        switch form {
        case .values: buffer.append(rows: rows, of: outputs[0], flattening: true)
        case .records where outputs.allSatisfy({ $0.shape.first == rows.count }): writeRecords(outputs, rows, &buffer)
        case .records, .arrays: writeArrays(outputs, &buffer)
        }
        if case .predictions = envelope { buffer.append("}") }
    }

    private func writeRecords(_ outputs: [Tensor], _ rows: Range<Int>, _ buffer: inout AnswerBuffer) {
        buffer.append("[")
        for row in rows {
            buffer.append(row > rows.lowerBound ? ", {" : "{" as StaticString)
            for index in outputs.indices {
                if index > 0 { buffer.append(", " as StaticString) }
                buffer.append(keys[index])
                writeValue(outputs[index], classes[index], row, &buffer)
            }
            buffer.append("}")
        }
        buffer.append("]")
    }

    private func writeValue(_ output: Tensor, _ classes: [[UInt8]]?, _ row: Int, _ buffer: inout AnswerBuffer) {
        var axes = output.shape.dropFirst()
        let width = axes.reduce(1, *)
        guard let classes else {
            if axes.last == 1 { axes = axes.dropLast() }
            return buffer.append(block: row * width, axes: axes, of: output)
        }
        buffer.append("{")
        for (index, key) in classes.enumerated().prefix(width) {
            if index > 0 { buffer.append(", " as StaticString) }
            buffer.append(key)
            buffer.append(element: row * width + index, of: output)
        }
        buffer.append("}")
    }

    private func writeArrays(_ outputs: [Tensor], _ buffer: inout AnswerBuffer) {
        buffer.append("{")
        for index in outputs.indices {
            if index > 0 { buffer.append(", " as StaticString) }
            buffer.append(keys[index])
            let rows = 0..<(outputs[index].shape.first ?? 0)
            if let classes = classes[index] {
                buffer.append("[")
                for row in rows {
                    if row > rows.lowerBound { buffer.append(", " as StaticString) }
                    writeValue(outputs[index], classes, row, &buffer)
                }
                buffer.append("]")
            } else {
                buffer.append(rows: rows, of: outputs[index], flattening: false)
            }
        }
        buffer.append("}")
    }
}

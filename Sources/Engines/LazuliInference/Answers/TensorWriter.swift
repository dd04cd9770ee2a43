extension AnswerBuffer {
    /// One element of a tensor as JSON.
    @inline(__always)
    mutating func append(element index: Int, of tensor: Tensor) {
        switch tensor.type {
        case .float32: append(real: Double(tensor.elements(as: Float.self)[index]))
        case .float64: append(real: tensor.elements(as: Double.self)[index])
        case .int8: append(String(tensor.elements(as: Int8.self)[index]))
        case .int16: append(String(tensor.elements(as: Int16.self)[index]))
        case .int32: append(String(tensor.elements(as: Int32.self)[index]))
        case .int64: append(String(tensor.elements(as: Int64.self)[index]))
        case .uint8: append(String(tensor.elements(as: UInt8.self)[index]))
        case .uint16: append(String(tensor.elements(as: UInt16.self)[index]))
        case .uint32: append(String(tensor.elements(as: UInt32.self)[index]))
        case .uint64: append(String(tensor.elements(as: UInt64.self)[index]))
        case .bool: append(tensor.elements(as: UInt8.self)[index] != 0 ? "true" : "false" as StaticString)
        case .string: append(quoted: tensor.text(at: index))
        }
    }

    /// Rows of a tensor as nested lists; an axis of length 1 that ends the shape is left out when `flattening`.
    mutating func append(rows: Range<Int>, of tensor: Tensor, flattening: Bool) {
        var axes = Array(tensor.shape.dropFirst())
        if flattening, axes.last == 1 { axes.removeLast() }
        let width = axes.reduce(1, *)
        append("[")
        for row in rows {
            if row > rows.lowerBound { append(", " as StaticString) }
            append(block: row * width, axes: axes[...], of: tensor)
        }
        append("]")
    }

    /// What lies below one index of the axis before these.
    mutating func append(block start: Int, axes: ArraySlice<Int>, of tensor: Tensor) {
        guard let length = axes.first else { return append(element: start, of: tensor) }
        let inner = axes.dropFirst(), width = inner.reduce(1, *)
        append("[")
        for index in 0..<length {
            if index > 0 { append(", " as StaticString) }
            append(block: start + index * width, axes: inner, of: tensor)
        }
        append("]")
    }
}

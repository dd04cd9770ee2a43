/// A weight of a graph with its elements.
///
/// Source: onnx/onnx.proto, TensorProto; the numbers below are its field numbers.
struct OnnxConstant: Sendable {
    enum Elements: Sendable {
        /// Of any type of numbers; truths are 1 and 0.
        case numbers([Double])
        case texts([[UInt8]])
    }

    let type: ElementType
    let shape: [Int]
    let elements: Elements

    var numbers: [Double]? { if case .numbers(let numbers) = elements { numbers } else { nil } }
    var integers: [Int]? { numbers?.compactMap { Int(exactly: $0) } }

    /// Numbers that only make sense together with a matrix of rows of that length.
    func numbers(fitting width: Int) -> [Double]? {
        guard let numbers, shape.count <= 1 || shape == [1, numbers.count] else { return nil }
        if numbers.count == 1 { return Array(repeating: numbers[0], count: width) }
        return numbers.count == width ? numbers : nil
    }

    /// - Returns: nil for a type that is not read here.
    init?(_ tensor: Slice<UnsafeRawBufferPointer>) throws(ProtobufReader.Malformed) {
        var shape: [Int] = [], code = 0, raw: Slice<UnsafeRawBufferPointer>?
        var floats: [Float] = [], integers: [Int] = [], texts: [[UInt8]] = []
        var reader = ProtobufReader(tensor)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, _): try value.append(to: &shape)
            case (2, _): code = value.integer ?? 0
            case (4, _): try value.append(to: &floats)
            case (5, _), (7, _): try value.append(to: &integers)
            case (6, .bytes(let bytes)): texts.append(Array(bytes))
            case (9, .bytes(let bytes)): raw = bytes
            default: break
            }
        }
        guard let type = ElementType(rawValue: code) else { return nil }
        if type == .string {
            elements = .texts(texts)
        } else if let raw {
            guard let numbers = Self.numbers(raw, type) else { return nil }
            elements = .numbers(numbers)
        } else {
            elements = .numbers(floats.isEmpty ? integers.map(Double.init) : floats.map(Double.init))
        }
        self.type = type
        self.shape = shape
        let count =
            switch elements {
            case .numbers(let numbers): numbers.count
            case .texts(let texts): texts.count
            }
        guard shape.allSatisfy({ $0 >= 0 && $0 <= 1 << 31 }), shape.count < 8, shape.reduce(1, { $0 &* $1 }) == count
        else { return nil }
    }

    private static func numbers(_ raw: Slice<UnsafeRawBufferPointer>, _ type: ElementType) -> [Double]? {
        let bytes = UnsafeRawBufferPointer(rebasing: raw)
        func all<Element>(_: Element.Type, _ number: (Element) -> Double) -> [Double] {
            let size = MemoryLayout<Element>.size
            return (0..<bytes.count / size).map {
                number(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Element.self))
            }
        }
        switch type {
        case .float32: return all(Float.self) { Double($0) }
        case .float64: return all(Double.self) { $0 }
        case .int64: return all(Int64.self) { Double($0) }
        case .bool: return all(UInt8.self) { Double($0) }
        default: return nil
        }
    }
}

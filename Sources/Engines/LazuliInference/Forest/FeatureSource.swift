/// Where a number that the trees look at comes from.
struct FeatureSource: Equatable {
    let input: Int
    let offset: Int
    var step: Step = .value

    enum Step: Equatable {
        /// The value itself.
        case value
        /// (value − shift) × factor, in single precision.
        case scaled(shift: Float, factor: Float)
        /// 1 if the value is the category of that number, else 0.
        case category(encoder: Int, number: Int)
    }
}

/// A one-hot encoding: the categories it knows, and whether others are an error.
struct CategoryEncoder {
    let texts: TextTable?
    let integers: [Int64]
    let refusesUnknown: Bool

    /// - Returns: nil if the operation's attributes are of a kind we do not evaluate.
    init?(_ node: OnnxNode) {
        let texts = node.attributes["cats_strings"]?.texts ?? []
        integers = (node.attributes["cats_int64s"]?.integers ?? []).map(Int64.init)
        guard texts.isEmpty != integers.isEmpty else { return nil }
        self.texts = texts.isEmpty ? nil : TextTable(texts)
        count = max(texts.count, integers.count)
        refusesUnknown = node.attributes["zeros"]?.integer == 0
    }

    let count: Int
}

/// Turns the rows of a model's inputs into the numbers the trees look at.
struct FeatureEncoding {
    private struct Number {
        let input: Int
        let offset: Int
        let place: Int
        let shift: Float
        let factor: Float
        let isScaled: Bool
    }

    private struct OneHot {
        let input: Int
        let offset: Int
        let encoder: CategoryEncoder
        let encoderNumber: Int
        /// The place of each category's number in a row; −1 where the trees never look.
        var places: [Int]
    }

    let count: Int
    private var numbers: [Number] = []
    private var oneHots: [OneHot] = []

    init(_ sources: [FeatureSource], encoders: [CategoryEncoder]) {
        count = sources.count
        for (place, source) in sources.enumerated() {
            switch source.step {
            case .value: addNumber(source, place, 0, 1, false)
            case .scaled(let shift, let factor): addNumber(source, place, shift, factor, true)
            case .category(let encoder, let number): addCategory(source, place, encoder, encoders[encoder], number)
            }
        }
    }

    private mutating func addNumber(
        _ source: FeatureSource, _ place: Int, _ shift: Float, _ factor: Float, _ isScaled: Bool
    ) {
        numbers.append(
            Number(
                input: source.input, offset: source.offset, place: place, shift: shift, factor: factor,
                isScaled: isScaled))
    }

    private mutating func addCategory(
        _ source: FeatureSource, _ place: Int, _ encoderNumber: Int, _ encoder: CategoryEncoder, _ number: Int
    ) {
        let goesOn = oneHots.last.map {
            $0.input == source.input && $0.offset == source.offset && $0.encoderNumber == encoderNumber
                && $0.places[number] < 0
        }
        if !(goesOn ?? false) {
            oneHots.append(
                OneHot(
                    input: source.input, offset: source.offset, encoder: encoder, encoderNumber: encoderNumber,
                    places: Array(repeating: -1, count: encoder.count)))
        }
        oneHots[oneHots.count - 1].places[number] = place
    }

    /// Fills `rows` × `count` numbers, which are zero before.
    func encode(
        _ inputs: [Tensor], rows: Int, into target: UnsafeMutablePointer<Double>
    ) throws(ScoringFault) {
        for number in numbers {
            let tensor = inputs[number.input], stride = tensor.count / max(rows, 1)
            for row in 0..<rows {
                var value = tensor.single(at: row * stride + number.offset)
                if number.isScaled { value = (value - number.shift) * number.factor }
                target[row * count + number.place] = Double(value)
            }
        }
        for oneHot in oneHots { try encode(oneHot, inputs[oneHot.input], rows, target) }
    }

    private func encode(
        _ oneHot: OneHot, _ tensor: Tensor, _ rows: Int, _ target: UnsafeMutablePointer<Double>
    ) throws(ScoringFault) {
        let stride = tensor.count / max(rows, 1)
        for row in 0..<rows {
            let index = row * stride + oneHot.offset
            if let number = oneHot.encoder.number(in: tensor, at: index) {
                if oneHot.places[number] >= 0 { target[row * count + oneHot.places[number]] = 1 }
            } else if oneHot.encoder.refusesUnknown {
                throw ScoringFault("Row \(row) holds a category that the model does not know.")
            }
        }
    }
}

extension CategoryEncoder {
    @inline(__always)
    func number(in tensor: Tensor, at index: Int) -> Int? {
        if let texts { return texts.find(tensor.text(at: index)) }
        return integers.firstIndex(of: tensor.elements(as: Int64.self)[index])
    }
}

extension Tensor {
    /// A number in single precision, as a cast in the graph makes it.
    @inline(__always)
    func single(at index: Int) -> Float {
        switch type {
        case .float32: elements(as: Float.self)[index]
        case .float64: Float(elements(as: Double.self)[index])
        case .int64: Float(elements(as: Int64.self)[index])
        case .int32: Float(elements(as: Int32.self)[index])
        case .bool, .uint8: Float(elements(as: UInt8.self)[index])
        default: .nan
        }
    }
}

import NetworkKernel

/// A network while it learns: its weights, and what Adam remembers of their gradients.
final class Network {
    /// Numbers that go from layer to layer, the inputs and the outputs among them.
    let widths: [Int]
    /// Layer after layer, the weights, input after input, behind them what is added, and behind that the spread of what
    /// is normalized.
    let parameters: NumberBuffer
    let gradients: NumberBuffer
    let parameterCount: Int
    /// One for each hidden layer, or none at all.
    let normalizations: [BatchNormalization]
    private let starts: [Int]
    private let firstMoments: NumberBuffer
    private let secondMoments: NumberBuffer
    /// 0.9 and 0.999 to the power of the steps that were made.
    private var powers: (first: Float, second: Float) = (1, 1)

    /// Random weights, small ones in the last layer.
    ///
    /// Source: K. He et al., "Delving deep into rectifiers", ICCV 2015.
    /// - Parameter normalizedRows: of the largest batch, where the hidden layers are normalized.
    init(widths: [Int], normalizedRows: Int?, random: inout RandomNumbers) {
        self.widths = widths
        normalizations =
            normalizedRows.map { rows in
                widths.dropFirst().dropLast().map { BatchNormalization(width: $0, rows: rows) }
            } ?? []
        var starts: [Int] = [], count = 0
        for (layer, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
            starts.append(count)
            count += (inputs + (layer < normalizations.count ? 2 : 1)) * outputs
        }
        self.starts = starts
        parameterCount = count
        parameters = NumberBuffer(count)
        gradients = NumberBuffer(count)
        firstMoments = NumberBuffer(count)
        secondMoments = NumberBuffer(count)
        for layer in starts.indices {
            let isLast = layer == starts.count - 1
            let spread = (2 / Double(widths[layer])).squareRoot() * (isLast ? 0.3 : 1)
            for place in 0..<widths[layer] * widths[layer + 1] {
                weights(layer)[place] = Float(spread * random.normal())
            }
            if normalization(layer) != nil { self.spread(layer).update(repeating: 1, count: widths[layer + 1]) }
        }
    }

    var layerCount: Int { starts.count }

    func normalization(_ layer: Int) -> BatchNormalization? {
        layer < normalizations.count ? normalizations[layer] : nil
    }

    func weights(_ layer: Int) -> UnsafeMutablePointer<Float> { parameters.start + starts[layer] }
    func added(_ layer: Int) -> UnsafeMutablePointer<Float> { weights(layer) + widths[layer] * widths[layer + 1] }
    func spread(_ layer: Int) -> UnsafeMutablePointer<Float> { added(layer) + widths[layer + 1] }
    func weightGradients(_ layer: Int) -> UnsafeMutablePointer<Float> { gradients.start + starts[layer] }
    func addedGradients(_ layer: Int) -> UnsafeMutablePointer<Float> {
        weightGradients(layer) + widths[layer] * widths[layer + 1]
    }
    func spreadGradients(_ layer: Int) -> UnsafeMutablePointer<Float> { addedGradients(layer) + widths[layer + 1] }

    /// Follows the gradients downhill.
    ///
    /// Source: D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
    func step(rate: Float) {
        powers = (powers.first * 0.9, powers.second * 0.999)
        lz_adam_step(
            lz_adam(
                rate: rate, decay: Self.decay, first_correction: 1 - powers.first,
                second_correction: 1 - powers.second),
            gradients.start, parameterCount, parameters.start, firstMoments.start, secondMoments.start)
    }

    private static let decay: Float = 0.01

    // MARK: - What was learned

    /// The layers as they are now.
    var layers: [LayeredModel.Layer] {
        starts.indices.map { number in
            let (inputs, outputs) = (widths[number], widths[number + 1])
            let layer = LayeredModel.Layer(
                inputs: inputs, outputs: outputs,
                weights: Array(UnsafeBufferPointer(start: weights(number), count: inputs * outputs)),
                added: Array(UnsafeBufferPointer(start: added(number), count: outputs)))
            return normalization(number)?.joined(to: layer, spread: spread(number)) ?? layer
        }
    }
}

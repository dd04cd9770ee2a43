import NetworkKernel

/// A network while it learns: its weights, and what Adam remembers of their gradients.
final class Network {
    /// Numbers that go from layer to layer, the inputs and the outputs among them.
    let widths: [Int]
    /// Layer after layer, the weights, input after input, and behind them what is added.
    let parameters: NumberBuffer
    let gradients: NumberBuffer
    let parameterCount: Int
    private let starts: [Int]
    private let firstMoments: NumberBuffer
    private let secondMoments: NumberBuffer
    /// 0.9 and 0.999 to the power of the steps that were made.
    private var powers: (first: Float, second: Float) = (1, 1)

    /// Random weights, small ones in the last layer.
    ///
    /// Source: K. He et al., "Delving deep into rectifiers", ICCV 2015.
    init(widths: [Int], random: inout RandomNumbers) {
        self.widths = widths
        var starts: [Int] = [], count = 0
        for (inputs, outputs) in zip(widths, widths.dropFirst()) {
            starts.append(count)
            count += (inputs + 1) * outputs
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
        }
    }

    var layerCount: Int { starts.count }

    func weights(_ layer: Int) -> UnsafeMutablePointer<Float> { parameters.start + starts[layer] }
    func added(_ layer: Int) -> UnsafeMutablePointer<Float> { weights(layer) + widths[layer] * widths[layer + 1] }
    func weightGradients(_ layer: Int) -> UnsafeMutablePointer<Float> { gradients.start + starts[layer] }
    func addedGradients(_ layer: Int) -> UnsafeMutablePointer<Float> {
        weightGradients(layer) + widths[layer] * widths[layer + 1]
    }

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

    func snapshot() -> [Float] { Array(UnsafeBufferPointer(start: parameters.start, count: parameterCount)) }

    /// - Parameter snapshot: parameters as `snapshot` gave them.
    func layers(_ snapshot: [Float]) -> [LayeredModel.Layer] {
        starts.indices.map { layer in
            let (inputs, outputs) = (widths[layer], widths[layer + 1])
            let end = starts[layer] + inputs * outputs
            return LayeredModel.Layer(
                inputs: inputs, outputs: outputs, weights: Array(snapshot[starts[layer]..<end]),
                added: Array(snapshot[end..<end + outputs]))
        }
    }
}

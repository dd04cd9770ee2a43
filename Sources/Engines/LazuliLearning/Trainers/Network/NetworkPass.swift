import NetworkKernel

/// The way of some rows through a network, and the way of their errors back.
final class NetworkPass {
    private let network: Network
    /// Per layer its inputs, row after row; the last ones are the network's raw outputs.
    private let values: [NumberBuffer]
    private var errors: NumberBuffer
    private var passedOn: NumberBuffer
    private let turned: NumberBuffer

    init(_ network: Network, rows: Int) {
        self.network = network
        values = network.widths.map { NumberBuffer(rows * $0) }
        let widest = network.widths.max() ?? 0
        errors = NumberBuffer(rows * widest)
        passedOn = NumberBuffer(rows * widest)
        turned = NumberBuffer(zip(network.widths, network.widths.dropFirst()).map { $0 * $1 }.max() ?? 0)
    }

    /// Where the rows' inputs are to be written.
    var inputs: UnsafeMutablePointer<Float> { values[0].start }
    var outputs: UnsafeMutablePointer<Float> { values[network.layerCount].start }
    /// Where the derivatives of the loss by the outputs are to be written.
    var outputErrors: UnsafeMutablePointer<Float> { errors.start }

    // MARK: - Forward

    /// What the network gives when it is asked.
    func ask(_ rows: Int) {
        for layer in 0..<network.layerCount {
            multiply(rows, layer)
            network.normalization(layer)?.apply(
                values[layer + 1].start, rows: rows, spread: network.spread(layer), middle: network.added(layer))
            if layer < network.layerCount - 1 { cutOff(rows, behind: layer) }
        }
    }

    /// - Parameters:
    ///   - inputDropout: leaves inputs out.
    ///   - dropout: leaves values of the hidden layers out.
    func run(_ rows: Int, inputDropout: inout Dropout, dropout: inout Dropout) {
        inputDropout.apply(to: inputs, rows * network.widths[0])
        for layer in 0..<network.layerCount {
            multiply(rows, layer)
            guard layer < network.layerCount - 1 else { return }
            network.normalization(layer)?.run(
                values[layer + 1].start, rows: rows, spread: network.spread(layer), middle: network.added(layer))
            cutOff(rows, behind: layer)
            dropout.apply(to: values[layer + 1].start, rows * network.widths[layer + 1])
        }
    }

    private func multiply(_ rows: Int, _ layer: Int) {
        let width = network.widths[layer], isNormalized = network.normalization(layer) != nil
        lz_multiply(
            lz_matrix(start: values[layer].start, row_step: width, column_step: 1), network.weights(layer),
            isNormalized ? nil : network.added(layer), rows, width, network.widths[layer + 1], values[layer + 1].start)
    }

    private func cutOff(_ rows: Int, behind layer: Int) {
        cutOffBelowZero(values[layer + 1].start, rows * network.widths[layer + 1])
    }

    // MARK: - Backward

    /// Turns the errors of the outputs into the gradients of all weights.
    /// - Parameter scale: what dropout made the kept values greater by.
    func learn(_ rows: Int, scale: Float) {
        for layer in (0..<network.layerCount).reversed() {
            let width = network.widths[layer], next = network.widths[layer + 1]
            addUp(rows, next, to: network.addedGradients(layer))
            network.normalization(layer)?.passBack(
                errors.start, rows: rows, spread: network.spread(layer),
                middleGradients: network.addedGradients(layer), spreadGradients: network.spreadGradients(layer))
            lz_multiply(
                lz_matrix(start: values[layer].start, row_step: 1, column_step: width), errors.start, nil, width, rows,
                next, network.weightGradients(layer))
            guard layer > 0 else { return }
            passBack(rows, layer: layer, scale: scale)
        }
    }

    private func addUp(_ rows: Int, _ width: Int, to sums: UnsafeMutablePointer<Float>) {
        sums.update(repeating: 0, count: width)
        for row in 0..<rows {
            for output in 0..<width { sums[output] += errors.start[row * width + output] }
        }
    }

    /// The errors of the layer's inputs; values that were cut off or left out have none.
    private func passBack(_ rows: Int, layer: Int, scale: Float) {
        let width = network.widths[layer], next = network.widths[layer + 1], weights = network.weights(layer)
        for input in 0..<width {
            for output in 0..<next { turned.start[output * width + input] = weights[input * next + output] }
        }
        lz_multiply(
            lz_matrix(start: errors.start, row_step: next, column_step: 1), turned.start, nil, rows, next, width,
            passedOn.start)
        let own = values[layer].start, passed = passedOn.start
        for place in 0..<rows * width { passed[place] = own[place] > 0 ? passed[place] * scale : 0 }
        swap(&errors, &passedOn)
    }
}

/// Leaves some values out at random and makes the others greater, so that no one is relied upon alone.
///
/// Source: N. Srivastava et al., "Dropout", JMLR 2014.
struct Dropout {
    let share: Double
    var random: RandomNumbers

    var scale: Float { Float(1 / (1 - share)) }

    mutating func apply(to values: UnsafeMutablePointer<Float>, _ count: Int) {
        guard share > 0 else { return }
        let least = UInt64(share * 65_536), scale = scale
        var place = 0
        while place < count {
            // Four draws of 16 bits each.
            var bits = random.next()
            let end = min(place + 4, count)
            while place < end {
                values[place] = bits & 0xFFFF >= least ? values[place] * scale : 0
                bits >>= 16
                place += 1
            }
        }
    }
}

import Glibc

/// Brings the raw outputs of a layer to mean 0 and variance 1 over the rows of a batch, and from there to a spread and a
/// middle that are learned.
///
/// Source: S. Ioffe and C. Szegedy, "Batch normalization", ICML 2015.
final class BatchNormalization {
    /// Outputs of the layer.
    let width: Int
    /// Over the batches so far, the last ones counting most: what stands for a batch's own when the network is asked.
    private let means: NumberBuffer
    private let variances: NumberBuffer
    /// Of the last batch.
    private let normalized: NumberBuffer
    private let sums: NumberBuffer
    private let factors: NumberBuffer

    /// - Parameter rows: of the largest batch.
    init(width: Int, rows: Int) {
        self.width = width
        means = NumberBuffer(width)
        variances = NumberBuffer(width)
        normalized = NumberBuffer(rows * width)
        sums = NumberBuffer(width)
        factors = NumberBuffer(width)
        for output in 0..<width { variances.start[output] = 1 }
    }

    private static let least: Float = 1e-5
    /// What a batch counts for in the means.
    private static let share: Float = 0.1

    // MARK: - Forward

    /// - Parameters:
    ///   - values: `rows` × `width` raw outputs, which it changes.
    ///   - spread: what each output is multiplied by.
    ///   - middle: what is added to it.
    func run(
        _ values: UnsafeMutablePointer<Float>, rows: Int, spread: UnsafePointer<Float>, middle: UnsafePointer<Float>
    ) {
        centre(values, rows)
        let (sums, factors, normalized) = (sums.start, factors.start, normalized.start)
        for output in 0..<width {
            let variance = sums[output] / Float(rows)
            variances.start[output] += Self.share * (variance - variances.start[output])
            factors[output] = 1 / (variance + Self.least).squareRoot()
        }
        for row in 0..<rows {
            let own = values + row * width, kept = normalized + row * width
            for output in 0..<width {
                kept[output] = own[output] * factors[output]
                own[output] = kept[output] * spread[output] + middle[output]
            }
        }
    }

    /// Takes the batch's means away, and leaves the sums of the squares.
    private func centre(_ values: UnsafeMutablePointer<Float>, _ rows: Int) {
        let sums = sums.start, factors = factors.start
        sums.update(repeating: 0, count: width)
        for row in 0..<rows {
            let own = values + row * width
            for output in 0..<width { sums[output] += own[output] }
        }
        for output in 0..<width {
            factors[output] = sums[output] / Float(rows)
            means.start[output] += Self.share * (factors[output] - means.start[output])
        }
        sums.update(repeating: 0, count: width)
        for row in 0..<rows {
            let own = values + row * width
            for output in 0..<width {
                own[output] -= factors[output]
                sums[output] += own[output] * own[output]
            }
        }
    }

    /// As the network does when it is asked: by the means of all batches.
    func apply(
        _ values: UnsafeMutablePointer<Float>, rows: Int, spread: UnsafePointer<Float>, middle: UnsafePointer<Float>
    ) {
        for output in 0..<width { factors.start[output] = factor(output, spread) }
        let factors = factors.start, means = means.start
        for row in 0..<rows {
            let own = values + row * width
            for output in 0..<width {
                own[output] = (own[output] - means[output]) * factors[output] + middle[output]
            }
        }
    }

    private func factor(_ output: Int, _ spread: UnsafePointer<Float>) -> Float {
        spread[output] / (variances.start[output] + Self.least).squareRoot()
    }

    // MARK: - Backward

    /// Turns the errors behind the normalization into those before it.
    /// - Parameters:
    ///   - middleGradients: the sums of the errors behind it.
    ///   - spreadGradients: gets the derivatives of the loss by the spread.
    func passBack(
        _ errors: UnsafeMutablePointer<Float>, rows: Int, spread: UnsafePointer<Float>,
        middleGradients: UnsafePointer<Float>, spreadGradients: UnsafeMutablePointer<Float>
    ) {
        let normalized = normalized.start, factors = factors.start, share = 1 / Float(rows)
        spreadGradients.update(repeating: 0, count: width)
        for row in 0..<rows {
            let own = errors + row * width, kept = normalized + row * width
            for output in 0..<width { spreadGradients[output] += own[output] * kept[output] }
        }
        for row in 0..<rows {
            let own = errors + row * width, kept = normalized + row * width
            for output in 0..<width {
                let common = (middleGradients[output] + kept[output] * spreadGradients[output]) * share
                own[output] = spread[output] * factors[output] * (own[output] - common)
            }
        }
    }

    // MARK: - What was learned

    /// The layer before it, with the normalization in its weights.
    func joined(to layer: LayeredModel.Layer, spread: UnsafePointer<Float>) -> LayeredModel.Layer {
        var joined = layer
        for output in 0..<width {
            let factor = factor(output, spread)
            for input in 0..<layer.inputs { joined.weights[input * width + output] *= factor }
            joined.added[output] -= means.start[output] * factor
        }
        return joined
    }
}

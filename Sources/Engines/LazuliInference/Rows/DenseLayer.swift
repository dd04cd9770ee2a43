import NetworkKernel

/// Weighted sums of so many numbers that single precision pays for itself: a layer of a neural network.
final class DenseLayer {
    private let inputs: Int
    private let outputs: Int
    /// Input after input.
    private let weights: [Float]
    private let added: [Float]
    private var numbers: [Float] = []
    private var sums: [Float] = []

    private static let leastWeights = 1_024

    /// - Parameter weights: output after output.
    /// - Returns: nil for a few weights only.
    init?(weights: [Double], added: [Double], inputs: Int) {
        guard weights.count >= Self.leastWeights else { return nil }
        self.inputs = inputs
        outputs = added.count
        self.weights = (0..<inputs).flatMap { input in
            added.indices.map { Float(weights[$0 * inputs + input]) }
        }
        self.added = added.map { Float($0) }
    }

    func apply(to rows: UnsafePointer<Double>, rows count: Int, result: UnsafeMutablePointer<Double>) {
        if numbers.count < count * inputs { numbers = Array(repeating: 0, count: count * inputs) }
        if sums.count < count * outputs { sums = Array(repeating: 0, count: count * outputs) }
        numbers.withUnsafeMutableBufferPointer { numbers in
            for place in 0..<count * inputs { numbers[place] = Float(rows[place]) }
            sums.withUnsafeMutableBufferPointer { sums in
                lz_multiply(
                    lz_matrix(start: numbers.baseAddress, row_step: inputs, column_step: 1), weights, added, count,
                    inputs, outputs, sums.baseAddress)
                for place in 0..<count * outputs { result[place] = Double(sums[place]) }
            }
        }
    }
}

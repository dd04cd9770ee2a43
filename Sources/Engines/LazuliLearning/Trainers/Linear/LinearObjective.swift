/// What a smooth linear trainer minimises: the mean loss plus a penalty on squared weights, intercepts left free.
///
/// Parameters are the weights, output after output, then the intercepts.
struct LinearObjective {
    private let columns: LinearColumns
    private let targets: [Double]
    private let weights: [Double]
    private let loss: LinearLoss
    private let outputs: Int
    private let penalty: Double
    private let totalWeight: Double
    private var scores: [Double]

    /// - Parameter penalty: what half the sum of the squared weights is multiplied by.
    init(
        _ columns: LinearColumns, targets: [Double], weights: [Double]?, loss: LinearLoss, outputs: Int, penalty: Double
    ) {
        self.columns = columns
        self.targets = targets
        self.weights = weights ?? Array(repeating: 1, count: targets.count)
        self.loss = loss
        self.outputs = outputs
        self.penalty = penalty
        totalWeight = max(self.weights.reduce(0, +), .leastNormalMagnitude)
        scores = Array(repeating: 0, count: outputs * columns.rowCount)
    }

    var parameterCount: Int { outputs * (columns.columnCount + 1) }

    /// The value at some parameters; its derivatives are put into `gradient`.
    mutating func evaluate(
        _ parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let (columns, outputs) = (columns, outputs)
        let firstIntercept = outputs * columns.columnCount
        return scores.withUnsafeMutableBufferPointer { scores in
            for output in 0..<outputs {
                let ofOutput = Self.slice(scores, output, columns.rowCount)
                ofOutput.update(repeating: parameters[firstIntercept + output])
                for column in 0..<columns.columnCount {
                    columns.add(parameters[output * columns.columnCount + column], times: column, to: ofOutput)
                }
            }
            var value = loss.replace(scores, targets: targets, weights: weights) / totalWeight
            for output in 0..<outputs {
                let slopes = UnsafeBufferPointer(Self.slice(scores, output, columns.rowCount))
                for column in 0..<columns.columnCount {
                    let place = output * columns.columnCount + column
                    gradient[place] = columns.dot(column, slopes) / totalWeight + penalty * parameters[place]
                    value += penalty * parameters[place] * parameters[place] / 2
                }
                gradient[firstIntercept + output] = Self.sum(slopes) / totalWeight
            }
            return value
        }
    }

    private static func slice(
        _ buffer: UnsafeMutableBufferPointer<Double>, _ part: Int, _ size: Int
    ) -> UnsafeMutableBufferPointer<Double> {
        UnsafeMutableBufferPointer(rebasing: buffer[part * size..<(part + 1) * size])
    }

    private static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
        var sum = 0.0
        for place in 0..<values.count { sum += values[place] }
        return sum
    }
}

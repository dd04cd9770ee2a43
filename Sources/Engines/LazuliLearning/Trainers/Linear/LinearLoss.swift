import Foundation

/// What a linear model's scores cost, and how that changes with them.
enum LinearLoss {
    /// One score, the log-odds; targets are probabilities of class 1.
    case logistic
    /// A score per class; targets are numbers of classes.
    case softmax
    /// One score; targets are −1 and 1. The square of what the margin falls short of 1.
    case squaredHinge

    /// Returns the weighted sum of the losses, and puts the weighted derivatives where the scores were.
    ///
    /// - Parameter scores: output after output, a score per row.
    func replace(_ scores: UnsafeMutableBufferPointer<Double>, targets: [Double], weights: [Double]) -> Double {
        targets.withUnsafeBufferPointer { targets in
            weights.withUnsafeBufferPointer { weights in
                switch self {
                case .logistic: Self.logistic(scores, targets, weights)
                case .softmax: Self.softmax(scores, targets, weights)
                case .squaredHinge: Self.squaredHinge(scores, targets, weights)
                }
            }
        }
    }

    private static func logistic(
        _ scores: UnsafeMutableBufferPointer<Double>, _ targets: UnsafeBufferPointer<Double>,
        _ weights: UnsafeBufferPointer<Double>
    ) -> Double {
        var sum = 0.0
        for row in 0..<targets.count {
            let score = scores[row]
            let ratio = exp(-abs(score))
            let probability = (score < 0 ? ratio : 1) / (1 + ratio)
            sum += weights[row] * (log1p(ratio) + max(score, 0) - targets[row] * score)
            scores[row] = weights[row] * (probability - targets[row])
        }
        return sum
    }

    private static func softmax(
        _ scores: UnsafeMutableBufferPointer<Double>, _ targets: UnsafeBufferPointer<Double>,
        _ weights: UnsafeBufferPointer<Double>
    ) -> Double {
        let rows = targets.count
        var sum = 0.0
        for row in 0..<rows {
            let one = Int(targets[row])
            var most = scores[row]
            for place in stride(from: row + rows, to: scores.count, by: rows) { most = max(most, scores[place]) }
            let own = scores[one * rows + row]
            var total = 0.0
            for place in stride(from: row, to: scores.count, by: rows) {
                scores[place] = exp(scores[place] - most)
                total += scores[place]
            }
            sum += weights[row] * (log(total) + most - own)
            let factor = weights[row] / total
            for place in stride(from: row, to: scores.count, by: rows) { scores[place] *= factor }
            scores[one * rows + row] -= weights[row]
        }
        return sum
    }

    private static func squaredHinge(
        _ scores: UnsafeMutableBufferPointer<Double>, _ targets: UnsafeBufferPointer<Double>,
        _ weights: UnsafeBufferPointer<Double>
    ) -> Double {
        var sum = 0.0
        for row in 0..<targets.count {
            let lacking = max(0, 1 - targets[row] * scores[row])
            sum += weights[row] * lacking * lacking
            scores[row] = -2 * weights[row] * lacking * targets[row]
        }
        return sum
    }
}

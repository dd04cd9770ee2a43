import Foundation

/// What the search and the boosters minimise.
package enum Losses {
    /// The mean negative logarithm of the probability that the true class was given.
    ///
    /// Probabilities are kept a machine epsilon away from 0 and 1, as scikit-learn does.
    package static func logLoss(
        _ predictions: UnsafeBufferPointer<Double>, width: Int, truth: [Int], weights: [Double]? = nil
    ) -> Double {
        var (sum, total) = (0.0, 0.0)
        let (least, most) = (Double.ulpOfOne, 1 - Double.ulpOfOne)
        truth.withUnsafeBufferPointer { truth in
            for row in 0..<truth.count {
                let weight = weights?[row] ?? 1
                // No min and max of the library: they would let NaN through as a number.
                let probability = predictions[row * width + truth[row]]
                sum -= weight * log(probability < least ? least : probability > most ? most : probability)
                total += weight
            }
        }
        return sum / total
    }

    package static func logLoss(_ predictions: Predictions, truth: [Int], weights: [Double]? = nil) -> Double {
        predictions.values.withUnsafeBufferPointer {
            logLoss($0, width: predictions.width, truth: truth, weights: weights)
        }
    }

    /// The weighted mean of the squared differences.
    package static func meanSquaredError(
        _ predictions: UnsafeBufferPointer<Double>, truth: [Double], weights: [Double]? = nil
    ) -> Double {
        mean(predictions, truth, weights) { ($0 - $1) * ($0 - $1) }
    }

    package static func rootMeanSquaredError(
        _ predictions: Predictions, truth: [Double], weights: [Double]? = nil
    ) -> Double {
        predictions.values.withUnsafeBufferPointer { meanSquaredError($0, truth: truth, weights: weights).squareRoot() }
    }

    static func meanAbsoluteError(
        _ predictions: UnsafeBufferPointer<Double>, truth: [Double], weights: [Double]? = nil
    ) -> Double {
        mean(predictions, truth, weights) { abs($0 - $1) }
    }

    /// The weighted mean of what `loss` makes of a prediction and the truth.
    @inline(__always)
    static func mean(
        _ predictions: UnsafeBufferPointer<Double>, _ truth: [Double], _ weights: [Double]?,
        _ loss: (Double, Double) -> Double
    ) -> Double {
        truth.withUnsafeBufferPointer { truth in
            var (sum, total) = (0.0, 0.0)
            if let weights {
                for row in 0..<truth.count {
                    sum += weights[row] * loss(predictions[row], truth[row])
                    total += weights[row]
                }
            } else {
                for row in 0..<truth.count { sum += loss(predictions[row], truth[row]) }
                total = Double(truth.count)
            }
            return sum / total
        }
    }
}

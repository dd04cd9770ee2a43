import Glibc

/// Makes probabilities more, or less, certain: each is raised to a power, and all are divided by their sum.
package struct PowerCalibration: Sendable, Equatable {
    package var exponent: Double

    package init(exponent: Double) { self.exponent = exponent }

    /// - Parameter values: the probabilities of the classes, row after row.
    package func applied<Number: BinaryFloatingPoint>(to values: [Number], width: Int) -> [Number] {
        var values = values
        values.withUnsafeMutableBufferPointer { values in
            for first in stride(from: 0, to: values.count, by: width) {
                var sum = 0.0
                for place in first..<first + width {
                    let raised = pow(Double(values[place]), exponent)
                    values[place] = Number(raised)
                    sum += raised
                }
                guard sum > 0 else { continue }
                for place in first..<first + width { values[place] = Number(Double(values[place]) / sum) }
            }
        }
        return values
    }
}

extension PowerCalibration {
    /// The exponent with the least log loss.
    /// - Parameters:
    ///   - predictions: probabilities of some rows, row after row.
    ///   - truth: per row the number of its class.
    /// - Returns: nil where none is better than leaving them as they are.
    init?(fitting predictions: [Float], width: Int, truth: [Int], weights: [Double]?) {
        let rows = stride(from: 0, to: truth.count, by: max(1, truth.count / Self.mostRows)).map { $0 }
        func loss(_ exponent: Double) -> Double {
            var lost = 0.0
            for row in rows {
                var sum = 0.0
                for place in row * width..<(row + 1) * width {
                    sum += pow(Double(max(predictions[place], 1e-9)), exponent)
                }
                let own = Double(max(predictions[row * width + truth[row]], 1e-9))
                lost += (weights?[row] ?? 1) * (logarithm(sum) - exponent * logarithm(own))
            }
            return lost
        }
        let best = Self.bounds.leastPlace(steps: 12, loss)
        guard abs(best - 1) >= Self.leastChange, loss(best) < loss(1) else { return nil }
        self.init(exponent: (best * 1_000).rounded() / 1_000)
    }

    /// Found on public tables (Documentation/AutoML.md); beyond them a better validation loss is luck.
    private static let bounds = 0.9...1.35
    private static let leastChange = 0.01
    private static let mostRows = 20_000
}

extension ClosedRange<Double> {
    /// Where a function with one valley is least. Source: J. Kiefer, "Sequential minimax search for a maximum", 1953.
    fileprivate func leastPlace(steps: Int, _ value: (Double) -> Double) -> Double {
        let golden = (5.0.squareRoot() - 1) / 2
        var low = lowerBound, high = upperBound
        var left = high - golden * (high - low), right = low + golden * (high - low)
        var atLeft = value(left), atRight = value(right)
        for _ in 0..<steps {
            if atLeft < atRight {
                (high, right, atRight) = (right, left, atLeft)
                left = high - golden * (high - low)
                atLeft = value(left)
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + golden * (high - low)
                atRight = value(right)
            }
        }
        return (low + high) / 2
    }
}

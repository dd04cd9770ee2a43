import Foundation

extension Link {
    /// Numbers per row that come of so many raw outputs.
    package func width(of outputs: Int) -> Int { self == .logistic ? 2 : outputs }

    /// The predictions that raw outputs stand for, row after row.
    package func predictions(of raw: Predictions) -> Predictions {
        switch self {
        case .identity: return raw
        case .exponential: return Predictions(width: raw.width, values: raw.values.map { exp($0) })
        case .logistic:
            var values = Array(repeating: 0.0, count: 2 * raw.values.count)
            for row in raw.values.indices {
                values[2 * row + 1] = Self.logistic(raw.values[row])
                values[2 * row] = 1 - values[2 * row + 1]
            }
            return Predictions(width: 2, values: values)
        case .softmax: return raw.mapRows { row in Self.softmax(row) }
        case .oneVersusRest: return raw.mapRows { row in Self.oneVersusRest(row) }
        }
    }

    @inline(__always)
    static func logistic(_ value: Double) -> Double {
        let ratio = exp(-abs(value))
        return value < 0 ? ratio / (1 + ratio) : 1 / (1 + ratio)
    }

    private static func softmax(_ row: UnsafeMutableBufferPointer<Double>) {
        var most = row[0]
        for output in 1..<row.count where row[output] > most { most = row[output] }
        for output in 0..<row.count { row[output] = exp(row[output] - most) }
        divideBySum(row)
    }

    private static func oneVersusRest(_ row: UnsafeMutableBufferPointer<Double>) {
        for output in 0..<row.count { row[output] = logistic(row[output]) }
        divideBySum(row)
    }

    /// All alike when the sum is 0.
    private static func divideBySum(_ row: UnsafeMutableBufferPointer<Double>) {
        var sum = 0.0
        for output in 0..<row.count { sum += row[output] }
        for output in 0..<row.count { row[output] = sum > 0 ? row[output] / sum : 1 / Double(row.count) }
    }
}

extension Predictions {
    /// The predictions after `change` has rewritten each row.
    fileprivate func mapRows(_ change: (UnsafeMutableBufferPointer<Double>) -> Void) -> Predictions {
        var copy = self
        copy.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<(values.count / width) {
                change(UnsafeMutableBufferPointer(rebasing: values[row * width..<(row + 1) * width]))
            }
        }
        return copy
    }
}

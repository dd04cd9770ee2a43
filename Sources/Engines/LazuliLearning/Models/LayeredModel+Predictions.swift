import NetworkKernel

extension LayeredModel {
    /// Per row the raw outputs of the last layer.
    func sums(over features: FeatureMatrix) -> Predictions {
        var sums: [Double] = []
        sums.reserveCapacity(features.rowCount * outputs)
        let widest = layers.map { max($0.inputs, $0.outputs) }.max() ?? 0
        var (from, to) = (NumberBuffer(Self.rowsAtOnce * widest), NumberBuffer(Self.rowsAtOnce * widest))
        var first = 0
        while first < features.rowCount {
            let rows = Array(first..<min(first + Self.rowsAtOnce, features.rowCount))
            pieces.write(features, rows: rows, to: from.start)
            for (number, layer) in layers.enumerated() {
                layer.apply(to: from.start, rows: rows.count, result: to.start)
                swap(&from, &to)
                if number < layers.count - 1 { cutOffBelowZero(from.start, rows.count * layer.outputs) }
            }
            for place in 0..<rows.count * outputs { sums.append(Double(from.start[place])) }
            first += rows.count
        }
        return Predictions(width: outputs, values: sums)
    }

    private static let rowsAtOnce = 256
}

extension LayeredModel.Pieces {
    /// Writes the first layer's inputs of some rows, row after row.
    func write(_ matrix: FeatureMatrix, rows: [Int], to inputs: UnsafeMutablePointer<Float>) {
        let own = matrix.columnCount, width = own + count, limit = LayeredModel.limit
        matrix.values.withUnsafeBufferPointer { values in
            for column in 0..<own {
                var place = column
                for row in rows {
                    inputs[place] = Self.kept(values[column * matrix.rowCount + row], within: limit)
                    place += width
                }
            }
            for piece in 0..<count {
                let column = Int(features[piece]), middle = middles[piece], factor = factors[piece]
                var place = own + piece
                for row in rows {
                    let share = (values[column * matrix.rowCount + row] - middle) * factor
                    inputs[place] = Self.kept(share, within: 0.5)
                    place += width
                }
            }
        }
    }
    @inline(__always)
    static func kept(_ value: Float, within limit: Float) -> Float {
        value > limit ? limit : value < -limit ? -limit : value
    }
}

extension LayeredModel.Layer {
    fileprivate func apply(to rows: UnsafePointer<Float>, rows count: Int, result: UnsafeMutablePointer<Float>) {
        lz_multiply(
            lz_matrix(start: rows, row_step: inputs, column_step: 1), weights, added, count, inputs, outputs, result)
    }
}

/// ReLU.
func cutOffBelowZero(_ numbers: UnsafeMutablePointer<Float>, _ count: Int) {
    for place in 0..<count { numbers[place] = numbers[place] > 0 ? numbers[place] : 0 }
}

/// Memory for numbers on their way through layers.
final class NumberBuffer {
    let start: UnsafeMutablePointer<Float>

    init(_ count: Int) {
        start = .allocate(capacity: max(1, count))
        start.initialize(repeating: 0, count: count)
    }

    deinit { start.deallocate() }
}

import Glibc

/// What a network's raw outputs are worth: the log loss of classes, the squared error of values.
struct NetworkLoss {
    let outputs: Int
    let link: Link

    init(_ task: LearningTask) {
        switch task {
        case .regression: (outputs, link) = (1, .identity)
        case .classification(classes: 2): (outputs, link) = (1, .logistic)
        case .classification(let classes): (outputs, link) = (classes, .softmax)
        }
    }

    /// The sum over some rows.
    /// - Parameter raw: the rows' raw outputs, row after row.
    func sum(_ raw: UnsafePointer<Float>, _ set: TrainingSet, _ rows: [Int]) -> Double {
        var sum = 0.0
        for place in 0..<rows.count {
            let row = rows[place]
            sum += (set.weights?[row] ?? 1) * lost(raw + place * outputs, set.targets[row])
        }
        return sum
    }

    private func lost(_ raw: UnsafePointer<Float>, _ target: Double) -> Double {
        switch link {
        case .identity:
            let error = Double(raw[0]) - target
            return error * error
        case .logistic:
            let own = target > 0 ? Double(raw[0]) : -Double(raw[0])
            return max(0, -own) + logarithm(1 + exp(-abs(own)))
        default:
            let (most, sum) = exponentials(raw)
            return Double(logf(sum) + most - raw[Int(target)])
        }
    }

    /// The largest raw output, and the sum of all exponentials compared with its own.
    @inline(__always)
    private func exponentials(_ raw: UnsafePointer<Float>) -> (most: Float, sum: Float) {
        var most = raw[0], sum: Float = 0
        for output in 1..<outputs where raw[output] > most { most = raw[output] }
        for output in 0..<outputs { sum += expf(raw[output] - most) }
        return (most, sum)
    }

    /// The derivatives of the mean loss of some rows by their raw outputs.
    func writeErrors(
        _ raw: UnsafePointer<Float>, _ set: TrainingSet, _ rows: [Int], to errors: UnsafeMutablePointer<Float>
    ) {
        var total = Double(rows.count)
        if let weights = set.weights {
            total = 0
            for row in rows { total += weights[row] }
        }
        for place in 0..<rows.count {
            let row = rows[place], share = (set.weights?[row] ?? 1) / max(total, .leastNormalMagnitude)
            write(raw + place * outputs, set.targets[row], share, to: errors + place * outputs)
        }
    }

    private func write(
        _ raw: UnsafePointer<Float>, _ target: Double, _ share: Double, to errors: UnsafeMutablePointer<Float>
    ) {
        switch link {
        case .identity: errors[0] = Float(2 * share * (Double(raw[0]) - target))
        case .logistic: errors[0] = Float(share * (Link.logistic(Double(raw[0])) - target))
        default:
            let (most, sum) = exponentials(raw), scale = Float(share) / sum
            for output in 0..<outputs { errors[output] = scale * expf(raw[output] - most) }
            errors[Int(target)] -= Float(share)
        }
    }
}

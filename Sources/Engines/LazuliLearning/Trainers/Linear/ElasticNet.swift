/// Linear regression with a penalty that is partly on the weights' size, partly on their squares.
///
/// It minimises ½ · mean squared error + alpha · l1Ratio · ‖w‖₁ + ½ · alpha · (1 − l1Ratio) · ‖w‖², intercept free, by
/// cyclic coordinate descent. Source: scikit-learn's `ElasticNet`, whose optimum it shares.
package struct ElasticNet: Trainer {
    package var alpha: Double
    package var l1Ratio: Double
    package var maxIterations: Int
    /// It has converged when the duality gap is no more than this part of the target's variance.
    package var tolerance: Double

    package init(alpha: Double = 1, l1Ratio: Double = 0.5, maxIterations: Int = 1000, tolerance: Double = 1e-4) {
        self.alpha = alpha
        self.l1Ratio = l1Ratio
        self.maxIterations = maxIterations
        self.tolerance = tolerance
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard task == .regression else { throw .onlyValues("ElasticNet") }
        try training.check(task)
        let problem = CentredProblem(training)
        var weights = Array(repeating: 0.0, count: problem.columns.columnCount)
        let equations = Self.equations(problem, training, isOver)
        descend(problem, training, equations, from: &weights, isOver: isOver)
        return try problem.model(weights).checked("ElasticNet")
    }

    /// Up to so many columns, products of all pairs cost less than the passes over all rows that they save.
    static func equations(
        _ problem: CentredProblem, _ training: TrainingSet, _ isOver: () -> Bool
    ) -> NormalEquations? {
        problem.columns.columnCount <= 256 ? problem.normalEquations(training, isOver: isOver) : nil
    }

    /// Improves the weights until they are the best or time is over.
    func descend(
        _ problem: CentredProblem, _ training: TrainingSet, _ equations: NormalEquations?,
        from weights: inout [Double], isOver: () -> Bool
    ) {
        if let equations {
            var descent = CovarianceDescent(equations, alpha * l1Ratio, alpha * (1 - l1Ratio), weights)
            descent.run(maxIterations, tolerance * problem.targetVariance, problem.targetVariance, isOver)
            weights = descent.weights
        } else {
            var descent = ResidualDescent(problem, training, alpha * l1Ratio, alpha * (1 - l1Ratio), weights)
            descent.run(maxIterations, tolerance, isOver)
            weights = descent.weights
        }
    }

    /// The best weight of a column, all others held.
    ///
    /// - Parameters:
    ///   - pull: the covariance of the column with what the others leave unexplained.
    ///   - own: its variance.
    @inline(__always)
    static func shrunk(_ pull: Double, own: Double, absolute: Double, squared: Double) -> Double {
        guard own > 0 else { return 0 }
        let beyond = abs(pull) - absolute
        return beyond > 0 ? (pull < 0 ? -beyond : beyond) / (own + squared) : 0
    }
}

/// Coordinate descent over the covariances of all pairs of columns: a pass costs columns².
private struct CovarianceDescent {
    private let equations: NormalEquations
    private let absolute: Double
    private let squared: Double
    private(set) var weights: [Double]
    /// Per column its covariance with what is left unexplained.
    private var slopes: [Double]

    init(_ equations: NormalEquations, _ absolute: Double, _ squared: Double, _ weights: [Double]) {
        self.equations = equations
        self.absolute = absolute
        self.squared = squared
        self.weights = weights
        slopes = equations.right
        for column in weights.indices where weights[column] != 0 { move(column, by: weights[column]) }
    }

    private mutating func move(_ column: Int, by change: Double) {
        let start = column * equations.size
        slopes.withUnsafeMutableBufferPointer { slopes in
            equations.matrix.withUnsafeBufferPointer { matrix in
                for other in 0..<slopes.count { slopes[other] -= change * matrix[start + other] }
            }
        }
    }

    mutating func run(_ maxIterations: Int, _ tolerance: Double, _ targetVariance: Double, _ isOver: () -> Bool) {
        for _ in 0..<maxIterations where !isOver() {
            var (largest, change) = (0.0, 0.0)
            for column in weights.indices {
                let own = equations.matrix[column * equations.size + column]
                let old = weights[column]
                let new = ElasticNet.shrunk(
                    slopes[column] + own * old, own: own, absolute: absolute, squared: squared)
                if new != old {
                    move(column, by: new - old)
                    weights[column] = new
                }
                largest = max(largest, abs(new) * own.squareRoot())
                change = max(change, abs(new - old) * own.squareRoot())
            }
            if change <= 1e-4 * largest || change == 0, gap(targetVariance) <= tolerance { return }
        }
    }

    /// How far the objective is at most from its least, by its dual.
    private func gap(_ targetVariance: Double) -> Double {
        var (dual, explained, size, squares) = (0.0, 0.0, 0.0, 0.0)
        for column in weights.indices {
            dual = max(dual, abs(slopes[column] - squared * weights[column]))
            explained += weights[column] * (equations.right[column] + slopes[column])
            size += abs(weights[column])
            squares += weights[column] * weights[column]
        }
        let error = max(0, targetVariance - explained)
        var product = targetVariance
        for column in weights.indices { product -= weights[column] * equations.right[column] }
        return Duality(error: error, product: product, dual: dual, size: size, squares: squares).gap(absolute, squared)
    }
}

/// What bounds how far an elastic net's objective is from its least.
private struct Duality {
    /// The mean squared error, and the mean of error × target.
    var error, product: Double
    /// The greatest slope, and the sums of the weights' sizes and squares.
    var dual, size, squares: Double

    func gap(_ absolute: Double, _ squared: Double) -> Double {
        let scale = dual > absolute ? absolute / dual : 1
        let primal = dual > absolute ? (error + error * scale * scale) / 2 : error
        return primal + absolute * size - scale * product + squared * (1 + scale * scale) * squares / 2
    }
}

/// Coordinate descent over the rows' residuals: a pass costs rows × columns, and no memory grows with columns².
private struct ResidualDescent {
    private let problem: CentredProblem
    private let absolute: Double
    private let squared: Double
    private(set) var weights: [Double]
    /// Per row value − prediction; their weighted mean is 0 throughout.
    private var residuals: [Double]

    init(
        _ problem: CentredProblem, _ training: TrainingSet, _ absolute: Double, _ squared: Double, _ weights: [Double]
    ) {
        self.problem = problem
        self.absolute = absolute
        self.squared = squared
        self.weights = weights
        residuals = training.targets.map { $0 - problem.targetMean }
        for column in weights.indices where weights[column] != 0 { move(column, by: weights[column]) }
    }

    /// Takes so many times the centred column off the residuals.
    private mutating func move(_ column: Int, by change: Double) {
        let (columns, shift) = (problem.columns, change * problem.means[column])
        residuals.withUnsafeMutableBufferPointer { residuals in
            columns.add(-change, times: column, to: residuals)
            for row in 0..<residuals.count { residuals[row] += shift }
        }
    }

    mutating func run(_ maxIterations: Int, _ tolerance: Double, _ isOver: () -> Bool) {
        let isWeighted = Set(problem.weights).count > 1
        var weighted = residuals
        for _ in 0..<maxIterations where !isOver() {
            var (largest, change) = (0.0, 0.0)
            for column in weights.indices where problem.variances[column] > 0 {
                let slope = slope(column, isWeighted, &weighted)
                let (own, old) = (problem.variances[column], weights[column])
                let new = ElasticNet.shrunk(slope + own * old, own: own, absolute: absolute, squared: squared)
                if new != old {
                    move(column, by: new - old)
                    weights[column] = new
                }
                largest = max(largest, abs(new) * own.squareRoot())
                change = max(change, abs(new - old) * own.squareRoot())
            }
            if change <= tolerance * largest || change == 0 { return }
        }
    }

    private func slope(_ column: Int, _ isWeighted: Bool, _ weighted: inout [Double]) -> Double {
        guard isWeighted else {
            let each = problem.weights.first ?? 0
            return residuals.withUnsafeBufferPointer { each * problem.columns.dot(column, $0) }
        }
        for row in residuals.indices { weighted[row] = problem.weights[row] * residuals[row] }
        return weighted.withUnsafeBufferPointer { problem.columns.dot(column, $0) }
    }
}

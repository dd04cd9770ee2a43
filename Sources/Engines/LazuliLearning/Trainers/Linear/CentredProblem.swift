/// A least-squares problem whose features and target are taken from their weighted means, so that it has no intercept.
///
/// The features stay as they are; their means are subtracted on the way.
struct CentredProblem {
    let columns: LinearColumns
    /// Weights that sum to 1.
    let weights: [Double]
    let means: [Double]
    let targetMean: Double
    /// Per column the weighted mean of its squared distance from the mean; 0 for a constant column.
    let variances: [Double]
    let targetVariance: Double

    init(_ training: TrainingSet) {
        columns = LinearColumns(training.features)
        let total = max(training.rowWeights.reduce(0, +), .leastNormalMagnitude)
        let weights = training.rowWeights.map { $0 / total }
        let targetMean = zip(weights, training.targets).reduce(0) { $0 + $1.0 * $1.1 }
        self.weights = weights
        self.targetMean = targetMean
        targetVariance = zip(weights, training.targets).reduce(0) {
            $0 + $1.0 * ($1.1 - targetMean) * ($1.1 - targetMean)
        }
        let columns = columns
        let means = weights.withUnsafeBufferPointer { weights in
            (0..<columns.columnCount).map { columns.dot($0, weights) }
        }
        self.means = means
        variances = weights.withUnsafeBufferPointer { weights in
            (0..<columns.columnCount).map { column in
                let square = columns.squaredDot(column, weights)
                let variance = square - means[column] * means[column]
                // What rounding leaves of a constant column.
                return variance > 1e-12 * square ? variance : 0
            }
        }
    }

    /// The linear model of weights for centred features.
    func model(_ found: [Double]) -> LinearModel {
        let shift = zip(found, means).reduce(0) { $0 + $1.0 * $1.1 }
        return LinearModel(weights: found, intercepts: [targetMean - shift], link: .identity)
    }

    /// The covariances of all columns with each other and with the target.
    func normalEquations(_ training: TrainingSet, isOver: () -> Bool) -> NormalEquations? {
        let count = columns.columnCount
        var matrix = Array(repeating: 0.0, count: count * count)
        var right = Array(repeating: 0.0, count: count)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: columns.rowCount) { vector in
            for row in 0..<columns.rowCount { vector[row] = weights[row] * (training.targets[row] - targetMean) }
            for column in 0..<count { right[column] = columns.dot(column, UnsafeBufferPointer(vector)) }
        }
        for column in 0..<count {
            if isOver() { return nil }
            fillRow(column, of: &matrix)
        }
        return NormalEquations(size: count, matrix: matrix, right: right)
    }

    private func fillRow(_ column: Int, of matrix: inout [Double]) {
        let count = columns.columnCount
        withUnsafeTemporaryAllocation(of: Double.self, capacity: columns.rowCount) { vector in
            vector.initialize(repeating: 0)
            columns.add(1, times: column, to: vector)
            for row in 0..<columns.rowCount { vector[row] = weights[row] * (vector[row] - means[column]) }
            for other in column..<count {
                let value = other == column ? variances[column] : columns.dot(other, UnsafeBufferPointer(vector))
                matrix[column * count + other] = value
                matrix[other * count + column] = value
            }
        }
    }
}

/// A symmetric system of linear equations.
struct NormalEquations {
    let size: Int
    /// Row-major.
    let matrix: [Double]
    let right: [Double]

    /// The solution with `penalty` added to the diagonal, by Cholesky's method. Unknowns that depend on earlier ones
    /// are 0.
    func solve(penalty: Double) -> [Double] {
        var lower = matrix
        var isFree = Array(repeating: false, count: size)
        for pivot in 0..<size {
            var rest = matrix[pivot * size + pivot] + penalty
            for place in 0..<pivot { rest -= lower[pivot * size + place] * lower[pivot * size + place] }
            isFree[pivot] = rest > 1e-10 * (matrix[pivot * size + pivot] + penalty)
            let root = isFree[pivot] ? rest.squareRoot() : 1
            lower[pivot * size + pivot] = root
            for row in (pivot + 1)..<max(size, pivot + 1) {
                guard isFree[pivot] else {
                    lower[row * size + pivot] = 0
                    continue
                }
                var value = matrix[row * size + pivot]
                for place in 0..<pivot { value -= lower[row * size + place] * lower[pivot * size + place] }
                lower[row * size + pivot] = value / root
            }
        }
        return substitute(lower, isFree)
    }

    private func substitute(_ lower: [Double], _ isFree: [Bool]) -> [Double] {
        var solution = right
        for row in 0..<size {
            for place in 0..<row { solution[row] -= lower[row * size + place] * solution[place] }
            solution[row] = isFree[row] ? solution[row] / lower[row * size + row] : 0
        }
        for row in (0..<size).reversed() {
            for place in (row + 1)..<max(size, row + 1) { solution[row] -= lower[place * size + row] * solution[place] }
            solution[row] = isFree[row] ? solution[row] / lower[row * size + row] : 0
        }
        return solution
    }
}

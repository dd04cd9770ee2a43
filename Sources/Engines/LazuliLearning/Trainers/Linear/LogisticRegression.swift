import Foundation

/// Logistic regression with an L2 penalty, of two classes or, by softmax, of more.
///
/// Source: scikit-learn's `LogisticRegression(solver="lbfgs")`, whose optimum it shares.
package struct LogisticRegression: Trainer {
    /// The inverse of the penalty's strength.
    package var c: Double
    package var maxIterations: Int
    /// It has converged when no derivative of the mean loss is greater.
    package var tolerance: Double

    package init(c: Double = 1, maxIterations: Int = 100, tolerance: Double = 1e-4) {
        self.c = c
        self.maxIterations = maxIterations
        self.tolerance = tolerance
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard case .classification(let classes) = task else { throw .onlyClasses("LogisticRegression") }
        try training.check(task)
        let outputs = classes == 2 ? 1 : classes
        let columns = LinearColumns(training.features)
        var objective = LinearObjective(
            columns, targets: training.targets, weights: training.weights, loss: outputs == 1 ? .logistic : .softmax,
            outputs: outputs, penalty: 1 / (c * max(training.rowWeights.reduce(0, +), .leastNormalMagnitude)))
        let start = Array(repeating: 0, count: outputs * columns.columnCount) + intercepts(training, classes)
        let minimizer = LimitedMemoryBFGS(maxIterations: maxIterations, tolerance: tolerance)
        let found = minimizer.minimize(start, isOver: isOver) { objective.evaluate($0, gradient: $1) }
        let weights = Array(found.prefix(outputs * columns.columnCount))
        return try LinearModel(
            weights: weights, intercepts: Array(found.suffix(outputs)), link: outputs == 1 ? .logistic : .softmax
        ).checked("LogisticRegression")
    }

    /// Those of a model that knows only how often each class occurs: a good place to start.
    private func intercepts(_ training: TrainingSet, _ classes: Int) -> [Double] {
        let shares = training.classWeights(classes)
        let logarithms = shares.map { log(max($0, 1e-3 * shares.reduce(0, +) / Double(classes))) }
        if classes == 2 { return [logarithms[1] - logarithms[0]] }
        let mean = logarithms.reduce(0, +) / Double(classes)
        return logarithms.map { $0 - mean }
    }
}

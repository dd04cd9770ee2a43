/// Linear regression with a penalty on the weights' size, found along a path of falling penalties.
///
/// Least-angle regression visits the same optima; here each is found by coordinate descent from the one before it,
/// which stays sound where columns are alike. Source of the objective: scikit-learn's `LassoLars`.
package struct LassoLars: Trainer {
    package var alpha: Double
    package var maxIterations: Int
    package var tolerance: Double

    package init(alpha: Double = 1, maxIterations: Int = 1000, tolerance: Double = 1e-4) {
        self.alpha = alpha
        self.maxIterations = maxIterations
        self.tolerance = tolerance
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard task == .regression else { throw .onlyValues("LassoLars") }
        try training.check(task)
        let problem = CentredProblem(training)
        var weights = Array(repeating: 0.0, count: problem.columns.columnCount)
        let equations = ElasticNet.equations(problem, training, isOver)
        for alpha in path(problem, training) where !isOver() {
            ElasticNet(alpha: alpha, l1Ratio: 1, maxIterations: maxIterations, tolerance: tolerance)
                .descend(problem, training, equations, from: &weights, isOver: isOver)
        }
        return try problem.model(weights).checked("LassoLars")
    }

    /// Penalties from one below which the first weight leaves 0, down to the one asked for.
    private func path(_ problem: CentredProblem, _ training: TrainingSet) -> [Double] {
        let pulls = training.targets.indices.map { problem.weights[$0] * (training.targets[$0] - problem.targetMean) }
        let greatest = pulls.withUnsafeBufferPointer { pulls in
            (0..<problem.columns.columnCount).reduce(0) { max($0, abs(problem.columns.dot($1, pulls))) }
        }
        return [greatest / 4, greatest / 16, greatest / 64].filter { $0 > alpha } + [alpha]
    }
}

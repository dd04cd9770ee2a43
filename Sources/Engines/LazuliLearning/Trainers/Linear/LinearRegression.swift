/// Linear regression by least squares, with a penalty on squared weights if wished.
///
/// It minimises mean squared error + alpha · ‖w‖², intercept free; columns that repeat others get no weight.
package struct LinearRegression: Trainer {
    package var alpha: Double
    /// Up to so many columns the equations are solved at once; beyond, by coordinate descent.
    private static let mostForEquations = 1024

    package init(alpha: Double = 0) { self.alpha = alpha }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard task == .regression else { throw .onlyValues("LinearRegression") }
        try training.check(task)
        let problem = CentredProblem(training)
        if problem.columns.columnCount <= Self.mostForEquations,
            let equations = problem.normalEquations(training, isOver: isOver)
        {
            return try problem.model(equations.solve(penalty: alpha)).checked("LinearRegression")
        }
        var weights = Array(repeating: 0.0, count: problem.columns.columnCount)
        ElasticNet(alpha: alpha, l1Ratio: 0, maxIterations: 300).descend(
            problem, training, nil, from: &weights, isOver: isOver)
        return try problem.model(weights).checked("LinearRegression")
    }
}

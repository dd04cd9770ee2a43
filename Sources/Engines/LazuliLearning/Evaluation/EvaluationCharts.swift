package import LazuliResources
package import LazuliTabular

/// Charts of how well the winner predicts rows that it did not learn from.
package enum EvaluationCharts {
    /// Names and documents, in the form of Azure's chart artifacts.
    package typealias Documents = [(name: String, document: JSON)]

    /// Of the validation rows; none if not all of them were predicted.
    package static func validation(_ result: Experiment.Result) -> Documents {
        let table = result.preparation.table, target = result.preparation.target
        let rows = result.folds.validated, width = table.task.width
        guard result.validation.count == rows.count * width else { return [] }
        let values = result.validation.map { Double($0) * target.scale + target.shift }
        return of(target, truth: rows.map { table.targets[$0] }, Predictions(width: width, values: values))
    }

    /// - Parameter truth: classes, or values, shifted and scaled.
    static func of(_ target: TargetDescription, truth: [Double], _ predictions: Predictions) -> Documents {
        target.task == .regression
            ? RegressionCharts(truth: target.values(truth), predictions: predictions).all
            : ClassificationCharts(truth: truth.map { Int($0) }, predictions: predictions, labels: target.classes).all
    }
}

/// How the winner does on test data.
package struct TestEvaluation {
    /// By Azure's names.
    package let metrics: [String: Double]
    package let charts: EvaluationCharts.Documents

    /// - Parameter name: what a fault calls the table.
    package init(_ result: Experiment.Result, _ table: Table, named name: String) throws(LearningFault) {
        let target = result.preparation.target
        let prepared = try PreparedTable(table, like: result.preparation, named: name)
        let predictions = result.model.predictions(of: prepared)
        switch target.task {
        case .regression:
            let scores = RegressionMetrics(truth: target.values(prepared.targets), predictions: predictions)
            metrics = TrialScoring.named(scores.all)
        case .classification:
            let scores = ClassificationMetrics(
                truth: prepared.targets.map { Int($0) }, predictions: predictions, positiveClass: target.positiveClass)
            metrics = TrialScoring.named(scores.all)
        }
        charts = EvaluationCharts.of(target, truth: prepared.targets, predictions)
    }
}

extension TargetDescription {
    /// Values on the target's own scale.
    func values(_ scaled: [Double]) -> [Double] { scaled.map { $0 * scale + shift } }
}

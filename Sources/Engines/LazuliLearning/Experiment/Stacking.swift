import LazuliResources

/// A linear model over what some contenders predict of rows that they have not learned from.
///
/// Source: D. Wolpert, "Stacked generalization", Neural Networks, 1992.
struct Stacking {
    private let task: LearningTask
    private let targets: [Double]
    private let weights: [Double]?
    /// Per contender its predictions of all rows, row after row.
    private let predictions: [[Float]]

    /// Weights that one step of the fitting may look at: with more, it would take seconds that members learn better in.
    private static let mostProducts = 5_000_000
    /// Parts of the rows by which the stack is judged.
    private static let parts = 5

    /// - Parameter predictions: per contender those of the rows of `Folds.validated`.
    /// - Returns: nil where stacking would take too long.
    init?(_ race: Race, _ predictions: [[Float]]) {
        let table = race.preparation.table, rows = race.folds.validated
        guard rows.count * table.task.width * table.task.width * predictions.count <= Self.mostProducts else {
            return nil
        }
        task = table.task
        targets = rows.map { table.targets[$0] }
        weights = table.weights.map { all in rows.map { all[$0] } }
        self.predictions = predictions
    }

    /// The linear model over the predictions of the chosen contenders.
    func model(of contenders: [Int]) throws(LearningFault) -> LinearModel {
        try fit(TrainingSet(features: features(of: contenders), targets: targets, weights: weights))
    }

    /// What stacks of the other parts of the rows predict of each part.
    func crossPredictions() throws(LearningFault) -> [Float] {
        let set = TrainingSet(
            features: features(of: Array(predictions.indices)), targets: targets, weights: weights)
        var all = Array(repeating: Float(0), count: targets.count * task.width)
        for part in 0..<Self.parts {
            let own = targets.indices.filter { $0 % Self.parts == part }
            let form = ModelForm.linear(try fit(set.rows(targets.indices.filter { $0 % Self.parts != part })))
            let predicted = form.predict(set.features.rows(own)).values
            for (place, row) in own.enumerated() {
                for output in 0..<task.width {
                    all[row * task.width + output] = Float(predicted[place * task.width + output])
                }
            }
        }
        return all
    }

    private func fit(_ set: TrainingSet) throws(LearningFault) -> LinearModel {
        let trainer: any Trainer =
            task == .regression ? ElasticNet(alpha: 1e-3, l1Ratio: 0.5) : LogisticRegression(c: 1)
        guard case .linear(let model) = try trainer.fit(set, validation: nil, task: task, isOver: { false }) else {
            throw LearningFault("The stacked model is not linear.")
        }
        return model
    }

    /// As `FinalModel.Stack` lays them out: contender after contender, for each all outputs.
    private func features(of contenders: [Int]) -> FeatureMatrix {
        let width = task.width, rows = targets.count
        var values: [Float] = []
        values.reserveCapacity(rows * width * contenders.count)
        for contender in contenders {
            for output in 0..<width {
                for row in 0..<rows { values.append(predictions[contender][row * width + output]) }
            }
        }
        return FeatureMatrix(rowCount: rows, columnCount: width * contenders.count, values: values)
    }
}

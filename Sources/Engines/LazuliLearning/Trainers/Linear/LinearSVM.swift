/// A linear support vector machine with squared hinge loss, each class against the rest, with probabilities.
///
/// It minimises ‖w‖²/2 + C · Σ max(0, 1 − y f)² with a free intercept. Probabilities come of sigmoids fitted to
/// scores of rows that were held out in turn, as in scikit-learn's `CalibratedClassifierCV(ensemble=False)`.
package struct LinearSVM: Trainer {
    package var c: Double
    package var maxIterations: Int
    package var tolerance: Double
    /// In how many parts the rows are held out for calibration; with one, they calibrate what they trained.
    package var calibrationFolds: Int
    package var seed: UInt64

    package init(
        c: Double = 1, maxIterations: Int = 100, tolerance: Double = 1e-4, calibrationFolds: Int = 3, seed: UInt64 = 0
    ) {
        self.c = c
        self.maxIterations = maxIterations
        self.tolerance = tolerance
        self.calibrationFolds = calibrationFolds
        self.seed = seed
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard case .classification(let classes) = task else { throw .onlyClasses("LinearSVM") }
        try training.check(task)
        let rows = scoringRows(training, classes, isOver)
        let scores = heldOutScores(training, classes, rows, isOver)
        let weights = training.rowWeights
        let calibrations = rows.indices.map { score in
            let one = Double(OneVersusRest.classOf(score: score, classes: classes))
            return SigmoidCalibration(
                scores: scores[score], isPositive: training.targets.map { $0 == one }, weights: weights, isOver: isOver)
        }
        return try OneVersusRest(rows: rows, calibrations: calibrations).model.checked("LinearSVM")
    }

    /// Per score the weights and the intercept that part its class from the rest.
    private func scoringRows(_ training: TrainingSet, _ classes: Int, _ isOver: () -> Bool) -> [[Double]] {
        let columns = LinearColumns(training.features)
        let total = max(training.rowWeights.reduce(0, +), .leastNormalMagnitude)
        return (0..<OneVersusRest.scores(classes)).map { score in
            let one = Double(OneVersusRest.classOf(score: score, classes: classes))
            var objective = LinearObjective(
                columns, targets: training.targets.map { $0 == one ? 1 : -1 }, weights: training.weights,
                loss: .squaredHinge, outputs: 1, penalty: 1 / (c * total))
            return LimitedMemoryBFGS(maxIterations: maxIterations, tolerance: tolerance).minimize(
                Array(repeating: 0, count: objective.parameterCount), isOver: isOver
            ) { objective.evaluate($0, gradient: $1) }
        }
    }

    /// Per score a number for each row, from models that did not see the row; from `rows` where time ran out.
    private func heldOutScores(
        _ training: TrainingSet, _ classes: Int, _ rows: [[Double]], _ isOver: () -> Bool
    ) -> [[Double]] {
        var scores = Self.scores(rows, training.features)
        guard calibrationFolds > 1, training.targets.count >= 10 * calibrationFolds else { return scores }
        var random = RandomNumbers(seed: seed)
        let folds = training.targets.map { _ in random.below(calibrationFolds) }
        for fold in 0..<calibrationFolds where !isOver() {
            let held = folds.indices.filter { folds[$0] == fold }
            let learned = training.rows(folds.indices.filter { folds[$0] != fold })
            guard Set(learned.targets).count == Set(training.targets).count else { continue }
            let ofFold = Self.scores(scoringRows(learned, classes, isOver), training.features.rows(held))
            for score in scores.indices {
                for (place, row) in held.enumerated() { scores[score][row] = ofFold[score][place] }
            }
        }
        return scores
    }

    private static func scores(_ rows: [[Double]], _ features: FeatureMatrix) -> [[Double]] {
        rows.map { row in
            LinearModel(weights: row.dropLast(), intercepts: [row.last ?? 0], link: .identity)
                .sums(over: features).values
        }
    }
}

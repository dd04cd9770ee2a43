/// Scores trials by Azure's metrics.
struct TrialScoring {
    let metric: Metric
    private let table: PreparedTable
    private let target: TargetDescription

    init(_ preparation: TablePreparation, metric name: String?) throws(LearningFault) {
        table = preparation.table
        target = preparation.target
        guard let name else {
            metric = table.task == .regression ? .normalizedRootMeanSquaredError : .accuracy
            return
        }
        guard let metric = Metric(named: name), metric.isOfRegression == (table.task == .regression) else {
            let known = Metric.allCases.filter { $0.isOfRegression == (preparation.table.task == .regression) }
            throw LearningFault(
                "\"\(name)\" is no metric of this task. Choose one of: "
                    + known.map(\.rawValue).joined(separator: ", ") + ".")
        }
        self.metric = metric
    }

    func isBetter(_ score: Double, than other: Double) -> Bool {
        metric.greaterIsBetter ? score > other : score < other
    }

    static func trial(_ contender: Contender) -> ExperimentEvent.Trial {
        .init(
            number: contender.number, algorithm: contender.candidate.algorithm,
            preprocessor: contender.candidate.preprocessor, parameters: contender.candidate.parameters)
    }

    /// Means over the folds that are done.
    func metrics(ofFoldsOf contender: Contender, _ folds: Folds) -> [String: Double] {
        let all = contender.results.map { fold, result in
            metrics(of: result.predictions, rows: folds.folds[fold].validation)
        }
        return Self.means(all)
    }

    /// Means over the folds of predictions for the rows of `folds.validated`.
    func metrics(ofAll predictions: [Float], _ folds: Folds) -> [String: Double] {
        let rows = folds.validated, width = table.task.width
        let places = Dictionary(rows.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
        return Self.means(
            folds.folds.map { fold in
                let part = fold.validation.flatMap { row -> ArraySlice<Float> in
                    guard let place = places[row] else { return [] }
                    return predictions[place * width..<(place + 1) * width]
                }
                return metrics(of: part, rows: fold.validation)
            })
    }

    private static func means(_ all: [[String: Double]]) -> [String: Double] {
        var sums: [String: (sum: Double, count: Double)] = [:]
        for (name, value) in all.joined() where value.isFinite {
            let old = sums[name] ?? (0, 0)
            sums[name] = (old.sum + value, old.count + 1)
        }
        return sums.mapValues { $0.sum / $0.count }
    }

    /// Azure's metrics of predictions for some rows, row after row.
    func metrics(of predictions: [Float], rows: [Int]) -> [String: Double] {
        let weights = table.weights.map { all in rows.map { all[$0] } }
        switch table.task {
        case .regression:
            let truth = rows.map { table.targets[$0] * target.scale + target.shift }
            let values = predictions.map { Double($0) * target.scale + target.shift }
            let scores = RegressionMetrics(
                truth: truth, predictions: Predictions(width: 1, values: values), weights: weights, range: range)
            return Self.named(scores.all)
        case .classification(let classes):
            let scores = ClassificationMetrics(
                truth: rows.map { Int(table.targets[$0]) },
                predictions: Predictions(width: classes, values: predictions.map(Double.init)), weights: weights,
                positiveClass: target.positiveClass)
            return Self.named(scores.all)
        }
    }

    static func named(_ scores: [(metric: Metric, value: Double)]) -> [String: Double] {
        Dictionary(scores.map { ($0.metric.rawValue, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// Of the targets of all rows, on their own scale.
    private var range: ClosedRange<Double>? {
        RegressionMetrics.range(of: table.targets.map { $0 * target.scale + target.shift })
    }
}

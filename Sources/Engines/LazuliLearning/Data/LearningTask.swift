/// What is to be predicted.
package enum LearningTask: Sendable, Hashable {
    /// One of so many classes, at least two.
    case classification(classes: Int)
    case regression

    /// Numbers per row of a prediction: a probability per class, or the value.
    package var width: Int {
        switch self {
        case .classification(let classes): classes
        case .regression: 1
        }
    }
}

/// What a trainer learns from.
package struct TrainingSet: Sendable {
    package var features: FeatureMatrix
    /// Per row the number of its class, or the value to predict.
    package var targets: [Double]
    /// Per row how much it counts; nil when all count alike.
    package var weights: [Double]?

    package init(features: FeatureMatrix, targets: [Double], weights: [Double]? = nil) {
        self.features = features
        self.targets = targets
        self.weights = weights
    }

    package func rows(_ rows: [Int]) -> TrainingSet {
        TrainingSet(
            features: features.rows(rows), targets: rows.map { targets[$0] },
            weights: weights.map { all in rows.map { all[$0] } })
    }
}

/// What is predicted of each row, row after row: `width` numbers, for classes their probabilities.
package struct Predictions: Sendable, Equatable {
    package let width: Int
    package var values: [Double]

    package init(width: Int, values: [Double]) {
        self.width = width
        self.values = values
    }

    package var rowCount: Int { values.count / width }
    package subscript(row: Int, output: Int) -> Double { values[row * width + output] }
}

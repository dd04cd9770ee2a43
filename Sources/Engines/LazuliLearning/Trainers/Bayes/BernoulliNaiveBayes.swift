import Foundation

/// Naive Bayes over whether each feature is above 0.
///
/// Source: scikit-learn's `BernoulliNB`, whose probabilities it shares.
package struct BernoulliNaiveBayes: Trainer {
    /// How many rows of each kind are added to what was counted.
    package var alpha: Double

    package init(alpha: Double = 1) { self.alpha = alpha }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard case .classification(let classes) = task else { throw .onlyClasses("BernoulliNaiveBayes") }
        try training.check(task)
        let alpha = max(alpha, 1e-10)
        let totals = training.classWeights(classes)
        let counts = ClassSums(training, classes: classes) { $0 > 0 ? 1 : 0 }
        var weights: [Double] = []
        var intercepts = ClassSums.logPriors(totals)
        for one in 0..<classes {
            for column in 0..<counts.columns {
                let present = log((counts[one, column] + alpha) / (totals[one] + 2 * alpha))
                let absent = log((totals[one] - counts[one, column] + alpha) / (totals[one] + 2 * alpha))
                weights.append(present - absent)
                intercepts[one] += absent
            }
        }
        return try LinearModel(preparation: .binary, weights: weights, intercepts: intercepts, link: .softmax)
            .checked("BernoulliNaiveBayes")
    }
}

/// Per class and feature a weighted sum over the class's rows.
struct ClassSums {
    let columns: Int
    private var sums: [Double]

    init(_ training: TrainingSet, classes: Int, of value: (Double) -> Double) {
        let (rows, columns) = (training.features.rowCount, training.features.columnCount)
        self.columns = columns
        let weights = training.rowWeights
        var sums = Array(repeating: 0.0, count: classes * columns)
        let numbers = training.targets.map { Int($0) }
        training.features.values.withUnsafeBufferPointer { values in
            for column in 0..<columns {
                for row in 0..<rows {
                    sums[numbers[row] * columns + column] += weights[row] * value(Double(values[column * rows + row]))
                }
            }
        }
        self.sums = sums
    }

    subscript(one: Int, column: Int) -> Double { sums[one * columns + column] }

    /// The logarithm of each class's share; of a class that does not occur, far below all others.
    static func logPriors(_ totals: [Double]) -> [Double] {
        let total = totals.reduce(0, +)
        return totals.map { $0 > 0 ? log($0 / total) : -700 }
    }
}

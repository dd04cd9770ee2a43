import Foundation

/// Naive Bayes over features that count how often something occurs.
///
/// Source: scikit-learn's `MultinomialNB`, whose probabilities it shares where no feature is negative. A feature with
/// negative values is counted from its least value on, which becomes a part of the intercepts.
package struct MultinomialNaiveBayes: Trainer {
    /// What is added to each count.
    package var alpha: Double

    package init(alpha: Double = 1) { self.alpha = alpha }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard case .classification(let classes) = task else { throw .onlyClasses("MultinomialNaiveBayes") }
        try training.check(task)
        let alpha = max(alpha, 1e-10)
        let totals = training.classWeights(classes)
        let sums = ClassSums(training, classes: classes) { $0 }
        let shifts = (0..<sums.columns).map { Self.least(of: $0, training.features) }
        var weights: [Double] = []
        var intercepts = ClassSums.logPriors(totals)
        for one in 0..<classes {
            let counts = (0..<sums.columns).map { max(0, sums[one, $0] - shifts[$0] * totals[one]) + alpha }
            let total = counts.reduce(0, +)
            for column in 0..<sums.columns {
                weights.append(log(counts[column] / total))
                intercepts[one] -= shifts[column] * log(counts[column] / total)
            }
        }
        return try LinearModel(weights: weights, intercepts: intercepts, link: .softmax)
            .checked("MultinomialNaiveBayes")
    }

    /// A column's least value, if that is below 0.
    private static func least(of column: Int, _ features: FeatureMatrix) -> Double {
        var least: Float = 0
        for row in 0..<features.rowCount { least = min(least, features[row, column]) }
        return Double(least)
    }
}

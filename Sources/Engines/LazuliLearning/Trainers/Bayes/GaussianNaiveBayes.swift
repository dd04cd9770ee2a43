import Foundation

/// Naive Bayes over features that are normally distributed within each class.
///
/// Source: scikit-learn's `GaussianNB`, whose probabilities it shares when `smoothing` is 1e-9; the default is greater,
/// so that single-precision engines compute the same.
package struct GaussianNaiveBayes: Trainer {
    /// The part of the greatest feature's variance that is added to each variance.
    package var smoothing: Double

    package init(smoothing: Double = 1e-4) { self.smoothing = smoothing }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        guard case .classification(let classes) = task else { throw .onlyClasses("GaussianNaiveBayes") }
        try training.check(task)
        let moments = Moments(training, classes: classes)
        let floor = max(smoothing * moments.greatestVariance(training.features), 1e-12)
        var (linear, squares) = ([[Double]](), [[Double]]())
        var intercepts = ClassSums.logPriors(moments.totals)
        for one in 0..<classes {
            let variances = moments.variances[one].map { $0 + floor }
            let means = moments.means[one]
            linear.append(zip(means, variances).map { $0 / $1 })
            squares.append(variances.map { -0.5 / $0 })
            for (mean, variance) in zip(means, variances) {
                intercepts[one] -= (log(2 * Double.pi * variance) + mean * mean / variance) / 2
            }
        }
        let weights = zip(linear, squares).flatMap { $0 + $1 }
        return try LinearModel(preparation: .withSquares, weights: weights, intercepts: intercepts, link: .softmax)
            .checked("GaussianNaiveBayes")
    }
}

/// Per class each feature's mean and variance.
private struct Moments {
    let totals: [Double]
    private(set) var means: [[Double]] = []
    private(set) var variances: [[Double]] = []

    init(_ training: TrainingSet, classes: Int) {
        totals = training.classWeights(classes)
        let (features, weights) = (training.features, training.rowWeights)
        means = Array(repeating: Array(repeating: 0, count: features.columnCount), count: classes)
        variances = means
        let numbers = training.targets.map { Int($0) }
        for column in 0..<features.columnCount {
            for row in numbers.indices where totals[numbers[row]] > 0 {
                means[numbers[row]][column] += weights[row] / totals[numbers[row]] * Double(features[row, column])
            }
            for row in numbers.indices where totals[numbers[row]] > 0 {
                let distance = Double(features[row, column]) - means[numbers[row]][column]
                variances[numbers[row]][column] += weights[row] / totals[numbers[row]] * distance * distance
            }
        }
    }

    /// Of all rows, whatever their class and weight.
    func greatestVariance(_ features: FeatureMatrix) -> Double {
        (0..<features.columnCount).reduce(0) { greatest, column in
            let values = (0..<features.rowCount).map { Double(features[$0, column]) }
            let mean = values.reduce(0, +) / Double(values.count)
            return max(greatest, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
        }
    }
}

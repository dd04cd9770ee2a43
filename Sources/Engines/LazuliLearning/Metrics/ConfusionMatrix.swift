/// How much weight of each true class was predicted as each class.
package struct ConfusionMatrix: Sendable, Equatable {
    package let classes: Int
    /// Row after row: the true class; within a row, the predicted one.
    package private(set) var weights: [Double]

    package init(classes: Int) {
        self.classes = classes
        weights = Array(repeating: 0, count: classes * classes)
    }

    package subscript(truth: Int, predicted: Int) -> Double {
        get { weights[truth * classes + predicted] }
        set { weights[truth * classes + predicted] = newValue }
    }

    /// - Parameters:
    ///   - truth: per row the number of its class.
    ///   - predictions: per row a probability per class; the first greatest one is what is predicted.
    init(truth: [Int], predictions: UnsafeBufferPointer<Double>, classes: Int, weights: [Double]?) {
        self.init(classes: classes)
        fill(truth: truth, predictions: predictions, weights: weights)
    }

    /// Forgets what it holds and counts anew, without allocating.
    mutating func fill(truth: [Int], predictions: UnsafeBufferPointer<Double>, weights rowWeights: [Double]?) {
        let classes = classes
        weights.withUnsafeMutableBufferPointer { cells in
            cells.update(repeating: 0)
            truth.withUnsafeBufferPointer { truth in
                for row in 0..<truth.count {
                    let start = row * classes
                    var (best, most) = (0, predictions[start])
                    for output in 1..<classes {
                        let isMore = predictions[start + output] > most
                        best = isMore ? output : best
                        most = isMore ? predictions[start + output] : most
                    }
                    cells[truth[row] * classes + best] += rowWeights?[row] ?? 1
                }
            }
        }
    }

    package var total: Double { weights.reduce(0, +) }
    package var correct: Double { (0..<classes).reduce(0) { $0 + self[$1, $1] } }
    package func truths(_ one: Int) -> Double { (0..<classes).reduce(0) { $0 + self[one, $1] } }
    package func predicted(_ one: Int) -> Double { (0..<classes).reduce(0) { $0 + self[$1, one] } }
}

/// What one class's rows say, and how the classes' scores become one. A score without cases is 0.
///
/// Source: scikit-learn's `precision_recall_fscore_support` with `zero_division=0`.
extension ConfusionMatrix {
    enum ClassScore {
        case precision, recall, f1
    }

    func score(_ score: ClassScore, of one: Int) -> Double {
        switch score {
        case .precision: Self.ratio(self[one, one], predicted(one))
        case .recall: Self.ratio(self[one, one], truths(one))
        case .f1: Self.ratio(2 * self[one, one], truths(one) + predicted(one))
        }
    }

    /// The mean over the classes that occur, be it in truth or among the predictions.
    func macro(_ score: ClassScore) -> Double? {
        let occurring = (0..<classes).filter { truths($0) + predicted($0) > 0 }
        return Self.mean(occurring.map { self.score(score, of: $0) })
    }

    /// The mean over the classes, each counting as much as its true rows.
    func weighted(_ score: ClassScore) -> Double? {
        let total = total
        guard total > 0 else { return nil }
        return (0..<classes).reduce(0) { $0 + truths($1) * self.score(score, of: $1) } / total
    }

    var accuracy: Double? { total > 0 ? correct / total : nil }

    /// The mean recall of the classes that occur in truth.
    var balancedAccuracy: Double? {
        Self.mean((0..<classes).filter { truths($0) > 0 }.map { score(.recall, of: $0) })
    }

    /// Balanced accuracy, scaled so that chance is 0 and perfection 1; never below 0. Nil for a single class.
    var normMacroRecall: Double? {
        let occurring = (0..<classes).count { truths($0) > 0 }
        guard let balancedAccuracy, occurring > 1 else { return nil }
        let chance = 1 / Double(occurring)
        return max(0, (balancedAccuracy - chance) / (1 - chance))
    }

    /// Accuracy where each row counts as much as its class has rows.
    var weightedAccuracy: Double? {
        let truths = (0..<classes).map(truths)
        let total = truths.reduce(0) { $0 + $1 * $1 }
        guard total > 0 else { return nil }
        return (0..<classes).reduce(0) { $0 + truths[$1] * self[$1, $1] } / total
    }

    /// Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient".
    var matthewsCorrelation: Double? {
        let (truths, predicted) = ((0..<classes).map(truths), (0..<classes).map(predicted))
        func product(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        guard total > 0 else { return nil }
        let spread = (total * total - product(predicted, predicted)) * (total * total - product(truths, truths))
        guard spread > 0 else { return 0 }
        return (correct * total - product(truths, predicted)) / spread.squareRoot()
    }

    private static func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

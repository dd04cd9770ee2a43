extension TrainingSet {
    /// The weights, 1 where there are none.
    var rowWeights: [Double] { weights ?? Array(repeating: 1, count: targets.count) }

    /// Refuses what no trainer can learn from.
    func check(_ task: LearningTask) throws(LearningFault) {
        guard features.rowCount > 0, targets.count == features.rowCount else {
            throw LearningFault("There are no rows to learn from; give training data with at least one row.")
        }
        guard targets.allSatisfy(\.isFinite) else {
            throw LearningFault("The target holds values that are no numbers; remove those rows.")
        }
        guard case .classification(let classes) = task else { return }
        guard targets.allSatisfy({ $0 >= 0 && $0 < Double(classes) }) else {
            throw LearningFault("The target names a class beyond the \(classes) classes that were declared.")
        }
    }

    /// Per class the weight of its rows.
    func classWeights(_ classes: Int) -> [Double] {
        var totals = Array(repeating: 0.0, count: classes)
        let weights = rowWeights
        for row in targets.indices { totals[Int(targets[row])] += weights[row] }
        return totals
    }
}

extension LinearModel {
    /// The model, unless training ran out of numbers.
    func checked(_ algorithm: String) throws(LearningFault) -> ModelForm {
        guard weights.allSatisfy(\.isFinite), intercepts.allSatisfy(\.isFinite) else {
            throw LearningFault("\(algorithm) found no finite weights; scale the features, some are too large for it.")
        }
        return .linear(self)
    }
}

extension LearningFault {
    static func onlyClasses(_ algorithm: String) -> LearningFault {
        LearningFault("\(algorithm) predicts classes; for a numeric target choose an algorithm of regression.")
    }

    static func onlyValues(_ algorithm: String) -> LearningFault {
        LearningFault("\(algorithm) predicts values; for classes choose an algorithm of classification.")
    }
}

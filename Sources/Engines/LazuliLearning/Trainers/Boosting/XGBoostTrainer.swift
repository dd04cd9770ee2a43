package import LazuliResources
import LazuliTrees

/// Gradient boosted trees by XGBoost.
package struct XGBoostTrainer: Sendable {
    let library: XGBoostLibrary
    private let settings: BoostingSettings
    let seed: UInt64

    /// - Parameter parameters: XGBoost's own, and `rounds` and `patience`.
    package init(_ parameters: JSON, seed: UInt64, library: XGBoostLibrary) {
        self.library = library
        self.seed = seed
        settings = BoostingSettings(parameters)
    }

    package func fit(_ data: BoostingData, isOver: () -> Bool) throws(LearningFault) -> BoostedModel {
        let sets = try data.xgboost(library)
        let booster = try XGBoostBooster(
            sets.training, validation: sets.validation, parameters: words(data))
        guard let validation = data.validation else {
            var done = 0
            while done < settings.rounds, done == 0 || !isOver() {
                try booster.boost()
                done += 1
            }
            return BoostedModel(form: try form(booster, rounds: done, data.task), rounds: done)
        }
        let loss = BoostingLoss(validation, data.task)
        var stopping = EarlyStopping(patience: settings.patience)
        var predictions: [Double] = []
        while stopping.rounds < settings.rounds, stopping.rounds == 0 || !isOver() {
            try booster.boost()
            try booster.validationPredictions(into: &predictions)
            let outputs = data.task.width > 2 ? Self.transposed(predictions, width: data.task.width) : predictions
            guard stopping.note(loss(outputs), outputs) else { break }
        }
        return BoostedModel(
            form: try form(booster, rounds: stopping.bestRounds, data.task),
            validation: Predictions(outputs: stopping.bestPredictions, data.task), rounds: stopping.bestRounds)
    }

    private static func transposed(_ rows: [Double], width: Int) -> [Double] {
        let count = rows.count / width
        return (0..<width).flatMap { output in (0..<count).map { rows[$0 * width + output] } }
    }

    private func words(_ data: BoostingData) -> [(String, String)] {
        var all = [
            ("nthread", "\(data.threads)"), ("verbosity", "0"), ("tree_method", "hist"),
            ("seed", "\(seed % 1_000_000)"),
        ]
        switch data.task {
        case .regression: all.append(("objective", "reg:squarederror"))
        case .classification(classes: 2): all.append(("objective", "binary:logistic"))
        case .classification(let classes): all += [("objective", "multi:softprob"), ("num_class", "\(classes)")]
        }
        return all + settings.own
    }

    private func form(_ booster: XGBoostBooster, rounds: Int, _ task: LearningTask) throws(LearningFault) -> ModelForm {
        guard var trees = try booster.withBytes({ TreeModel(xgboost: $0) }) else {
            throw LearningFault("XGBoost's model has a form that cannot be read.")
        }
        let perRound = task.boostingLink == .softmax ? task.width : 1
        trees.keepFirst(rounds * perRound)
        return .trees(trees, task.boostingLink)
    }
}

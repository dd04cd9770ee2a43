package import LazuliResources
import LazuliTrees

/// Gradient boosted trees by LightGBM.
package struct LightGBMTrainer: Sendable {
    let library: LightGBMLibrary
    private let settings: BoostingSettings
    let seed: UInt64

    /// - Parameter parameters: LightGBM's own, and `rounds` and `patience`.
    package init(_ parameters: JSON, seed: UInt64, library: LightGBMLibrary) {
        self.library = library
        self.seed = seed
        settings = BoostingSettings(parameters)
    }

    package func fit(_ data: BoostingData, isOver: () -> Bool) throws(LearningFault) -> BoostedModel {
        let sets = try data.lightGBM(library)
        let booster = try LightGBMBooster(
            sets.training, validation: sets.validation, parameters: words(data))
        guard let validation = data.validation else {
            var done = 0
            while done < settings.rounds, done == 0 || !isOver(), try booster.boost() { done += 1 }
            return BoostedModel(form: try form(booster, rounds: 0, data.task), rounds: done)
        }
        let loss = BoostingLoss(validation, data.task)
        var stopping = EarlyStopping(patience: settings.patience)
        var predictions: [Double] = []
        while stopping.rounds < settings.rounds, stopping.rounds == 0 || !isOver() {
            let grew = try booster.boost()
            try booster.validationPredictions(into: &predictions)
            guard stopping.note(loss(predictions), predictions), grew else { break }
        }
        return BoostedModel(
            form: try form(booster, rounds: stopping.bestRounds, data.task),
            validation: Predictions(outputs: stopping.bestPredictions, data.task), rounds: stopping.bestRounds)
    }

    private func words(_ data: BoostingData) -> String {
        let task = data.task
        var all: [(String, String)] = [
            ("num_threads", "\(data.threads)"), ("verbosity", "-1"), ("metric", "none"), ("force_col_wise", "true"),
            ("seed", "\(seed % 1_000_000)"), ("deterministic", "true"), ("max_bin", "\(task.bins)"),
        ]
        switch task {
        case .regression: all.append(("objective", "regression"))
        case .classification(classes: 2): all.append(("objective", "binary"))
        case .classification(let classes): all += [("objective", "multiclass"), ("num_class", "\(classes)")]
        }
        return (all + settings.own).map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    }

    private func form(_ booster: LightGBMBooster, rounds: Int, _ task: LearningTask) throws(LearningFault) -> ModelForm
    {
        guard let trees = try booster.withText(rounds: rounds, { TreeModel(lightGBM: $0) }) else {
            throw LearningFault("LightGBM's model has a form that cannot be read.")
        }
        return .trees(trees, task.boostingLink)
    }
}

extension LearningTask {
    /// Parts that LightGBM cuts a feature into. Where each round grows many trees, looking through fewer is worth more
    /// rounds.
    var bins: Int { width > 6 ? 63 : 255 }

    /// What turns a booster's sums into predictions.
    var boostingLink: Link {
        switch self {
        case .regression: .identity
        case .classification(classes: 2): .logistic
        case .classification: .softmax
        }
    }
}

extension Predictions {
    /// - Parameter outputs: for two classes the probability of the second, else a number per output and row, output
    ///   after output.
    init(outputs: [Double], _ task: LearningTask) {
        switch task {
        case .regression: self.init(width: 1, values: outputs)
        case .classification(classes: 2): self.init(width: 2, values: outputs.flatMap { [1 - $0, $0] })
        case .classification(let classes):
            let count = outputs.count / classes
            var values = Array(repeating: 0.0, count: outputs.count)
            for number in 0..<classes {
                for row in 0..<count { values[row * classes + number] = outputs[number * count + row] }
            }
            self.init(width: classes, values: values)
        }
    }
}

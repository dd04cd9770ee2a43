/// Gives a linear trainer the pieces of the features' ranges besides the features, so that what it learns may bend.
struct PieceTrainer: Trainer {
    let trainer: any Trainer

    /// More numbers than this are not worth their memory: the features alone are learned from.
    private static let mostNumbers = 30_000_000

    func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        let pieces = LayeredModel.Pieces(fitting: training.features)
        let width = training.features.columnCount + pieces.count
        guard pieces.count > 0, width * training.features.rowCount <= Self.mostNumbers else {
            return try trainer.fit(training, validation: validation, task: task, isOver: isOver)
        }
        var wide = training
        wide.features = pieces.joined(to: training.features)
        let form = try trainer.fit(wide, validation: nil, task: task, isOver: isOver)
        guard case .linear(let model) = form, model.preparation == .none else { return form }
        return .layered(LayeredModel(pieces: pieces, layers: [.init(model)], link: model.link))
    }
}

extension LayeredModel.Pieces {
    /// The features within their limits, and behind them the pieces.
    fileprivate func joined(to matrix: FeatureMatrix) -> FeatureMatrix {
        let limit = LayeredModel.limit, rows = matrix.rowCount
        var values = matrix.values.map { Self.kept($0, within: limit) }
        values.reserveCapacity(rows * (matrix.columnCount + count))
        for piece in 0..<count {
            let start = Int(features[piece]) * rows, middle = middles[piece], factor = factors[piece]
            for row in 0..<rows {
                values.append(Self.kept((matrix.values[start + row] - middle) * factor, within: 0.5))
            }
        }
        return FeatureMatrix(rowCount: rows, columnCount: matrix.columnCount + count, values: values)
    }
}

extension LayeredModel.Layer {
    /// The weighted sums of a linear model, whose weights stand output after output.
    fileprivate init(_ model: LinearModel) {
        let inputs = model.weights.count / max(1, model.outputs)
        self.init(
            inputs: inputs, outputs: model.outputs,
            weights: (0..<inputs).flatMap { input in
                (0..<model.outputs).map { Float(model.weights[$0 * inputs + input]) }
            },
            added: model.intercepts.map { Float($0) })
    }
}

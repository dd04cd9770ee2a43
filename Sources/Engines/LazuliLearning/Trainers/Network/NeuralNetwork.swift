import Glibc

/// A small neural network over scaled features and the pieces of their ranges.
///
/// The recipe (sizes, steps, epochs) was found on public tables: Documentation/AutoML.md.
package struct NeuralNetwork: Trainer {
    package var hidden: [Int]
    /// The part of the hidden layers' values that is left out while it learns.
    package var dropout: Double
    /// The part of the inputs that is left out.
    package var inputDropout: Double
    /// Whether the hidden layers are normalized over each batch.
    package var normalizes: Bool
    /// Whether it is given the pieces of the features' ranges.
    package var hasPieces: Bool
    /// Passes over the rows.
    package var epochs: Int
    /// What training may take; fewer epochs are made where that is not enough for all.
    package var seconds: Double
    package var seed: UInt64

    package init(
        hidden: [Int] = [256, 128], dropout: Double = 0.2, inputDropout: Double = 0, normalizes: Bool = false,
        hasPieces: Bool = true, epochs: Int, seconds: Double, seed: UInt64
    ) {
        self.hidden = hidden
        self.dropout = dropout
        self.inputDropout = inputDropout
        self.normalizes = normalizes
        self.hasPieces = hasPieces
        self.epochs = epochs
        self.seconds = seconds
        self.seed = seed
    }

    static let noTime = LearningFault("The time is too short for a neural network of so many rows and columns.")

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        try training.check(task)
        let pieces = hasPieces ? LayeredModel.Pieces(fitting: training.features) : LayeredModel.Pieces()
        let loss = NetworkLoss(task)
        var random = RandomNumbers(seed: seed)
        let widths = [training.features.columnCount + pieces.count] + hidden + [loss.outputs]
        let batch = TrainingCourse.batch(rows: training.targets.count)
        let network = Network(widths: widths, normalizedRows: normalizes ? batch : nil, random: &random)
        var course = TrainingCourse(self, training, validation, network, pieces, loss, random)
        return .layered(LayeredModel(pieces: pieces, layers: try course.run(isOver), link: loss.link))
    }
}

/// The epochs of a network.
private struct TrainingCourse {
    let settings: NeuralNetwork
    let training: TrainingSet
    let validation: TrainingSet?
    let network: Network
    let pieces: LayeredModel.Pieces
    let loss: NetworkLoss
    let pass: NetworkPass
    let batch: Int
    var random: RandomNumbers
    var dropout: Dropout
    var inputDropout: Dropout
    var epochs: Int
    var best: (loss: Double, layers: [LayeredModel.Layer])?

    init(
        _ settings: NeuralNetwork, _ training: TrainingSet, _ validation: TrainingSet?, _ network: Network,
        _ pieces: LayeredModel.Pieces, _ loss: NetworkLoss, _ random: RandomNumbers
    ) {
        self.settings = settings
        self.training = training
        self.validation = validation
        self.network = network
        self.pieces = pieces
        self.loss = loss
        self.random = random
        epochs = settings.epochs
        batch = Self.batch(rows: training.targets.count)
        pass = NetworkPass(network, rows: max(batch, Self.validatedAtOnce))
        dropout = Dropout(share: settings.dropout, random: RandomNumbers(seed: ~settings.seed))
        inputDropout = Dropout(share: settings.inputDropout, random: RandomNumbers(seed: ~settings.seed &+ 1))
    }

    static func batch(rows: Int) -> Int { max(1, min(rows, rows < 2_000 ? 64 : rows < 10_000 ? 128 : 256)) }

    private static let validatedAtOnce = 256
    /// Epochs without a better validation loss.
    private static let patience = 6
    /// Fewer than so many epochs teach a network too little to be worth the time.
    private static let leastEpochs = 5

    /// - Returns: the layers of the epoch with the best validation loss, or the last ones.
    mutating func run(_ isOver: () -> Bool) throws(LearningFault) -> [LayeredModel.Layer] {
        var epoch = 0, lastBest = 0
        while epoch < epochs {
            guard try learn(epoch, isOver) else { break }
            epoch += 1
            guard let validation else { continue }
            let lost = self.lost(on: validation)
            if lost < best?.loss ?? .infinity {
                best = (lost, network.layers)
                lastBest = epoch
            } else if epoch - lastBest >= Self.patience {
                break
            }
        }
        return best?.layers ?? network.layers
    }

    /// Batches by whose time it is told how many epochs there is time for.
    private static let measuredBatches = 8

    private mutating func plan(secondsPerEpoch: Double) throws(LearningFault) {
        let most = settings.seconds / max(secondsPerEpoch, 1e-6)
        guard most >= Double(min(Self.leastEpochs, epochs)) else {
            throw NeuralNetwork.noTime
        }
        epochs = Int(min(Double(epochs), most))
    }

    // MARK: - Learning

    /// A pass over all rows in a new order.
    /// - Returns: whether it was finished.
    private mutating func learn(_ epoch: Int, _ isOver: () -> Bool) throws(LearningFault) -> Bool {
        let clock = ContinuousClock(), began = clock.now
        var order = Array(0..<training.targets.count)
        order.shuffle(using: &random)
        var first = 0
        while first < order.count {
            // A small rest would move the weights as much as a whole batch.
            guard first == 0 || order.count - first > batch / 2 else { return true }
            if isOver() { return false }
            let rows = Array(order[first..<min(first + batch, order.count)])
            learn(rows)
            network.step(rate: rate(Double(epoch) + Double(first) / Double(order.count)))
            first += batch
            if epoch == 0, first == Self.measuredBatches * batch {
                try plan(secondsPerEpoch: (clock.now - began) / .seconds(1) * Double(order.count) / Double(first))
            }
        }
        return true
    }

    private mutating func learn(_ rows: [Int]) {
        pieces.write(training.features, rows: rows, to: pass.inputs)
        pass.run(rows.count, inputDropout: &inputDropout, dropout: &dropout)
        loss.writeErrors(pass.outputs, training, rows, to: pass.outputErrors)
        pass.learn(rows.count, scale: dropout.scale)
    }

    /// It rises during the first epoch and then falls along a cosine.
    private func rate(_ epoch: Double) -> Float {
        let fall = 0.5 * (1 + cos(.pi * epoch / Double(epochs))) + 0.01
        return Float(2e-3 * min(1, epoch + 0.1) * fall)
    }

    // MARK: - Watching

    private mutating func lost(on validation: TrainingSet) -> Double {
        var sum = 0.0, first = 0
        while first < validation.targets.count {
            let rows = Array(first..<min(first + Self.validatedAtOnce, validation.targets.count))
            pieces.write(validation.features, rows: rows, to: pass.inputs)
            pass.ask(rows.count)
            sum += loss.sum(pass.outputs, validation, rows)
            first += rows.count
        }
        return sum
    }
}

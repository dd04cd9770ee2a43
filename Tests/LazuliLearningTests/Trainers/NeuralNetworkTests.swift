import Testing

@testable import LazuliLearning

@Suite("Neural networks")
struct NeuralNetworkTests {
    /// Rows whose class depends on two features together, which no weighted sum of them can tell.
    private static func crossed(_ rows: Int, seed: UInt64) -> TrainingSet {
        var random = RandomNumbers(seed: seed)
        let first = (0..<rows).map { _ in Float(random.unit() * 2 - 1) }
        let second = (0..<rows).map { _ in Float(random.unit() * 2 - 1) }
        return TrainingSet(
            features: FeatureMatrix(rowCount: rows, columnCount: 2, values: first + second),
            targets: zip(first, second).map { $0 * $1 > 0 ? 1 : 0 })
    }

    private func network(_ epochs: Int, seconds: Double = .infinity) -> NeuralNetwork {
        NeuralNetwork(hidden: [32, 16], dropout: 0.1, epochs: epochs, seconds: seconds, seed: 3)
    }

    @Test("learn what no weighted sum can tell")
    func learnsCrossings() throws {
        let training = Self.crossed(2_000, seed: 1), unseen = Self.crossed(500, seed: 2)
        let task = LearningTask.classification(classes: 2)
        let form = try network(30).fit(training, validation: unseen, task: task) { false }
        let predictions = form.predict(unseen.features)
        let right = unseen.targets.indices.count { (predictions[$0, 1] > 0.5) == (unseen.targets[$0] == 1) }
        #expect(right > 470)
    }

    @Test("learn a curve of values, and the classes of three")
    func learnsCurvesAndClasses() throws {
        let inputs = (0..<1_200).map { Float($0 % 300) / 150 - 1 }
        let matrix = FeatureMatrix(rowCount: inputs.count, columnCount: 1, values: inputs)
        let curve = TrainingSet(features: matrix, targets: inputs.map { Double($0 * $0) })
        let value = try network(40).fit(curve, validation: nil, task: .regression) { false }.predict(matrix)
        #expect(Losses.rootMeanSquaredError(value, truth: curve.targets) < 0.08)
        let bands = TrainingSet(features: matrix, targets: inputs.map { $0 < -0.4 ? 0 : $0 < 0.3 ? 1 : 2 })
        let shares = try network(40).fit(bands, validation: nil, task: .classification(classes: 3)) { false }
            .predict(matrix)
        #expect(Losses.logLoss(shares, truth: bands.targets.map { Int($0) }) < 0.15)
    }

    private static var none: Dropout { Dropout(share: 0, random: RandomNumbers(seed: 0)) }

    @Test("follow gradients that are those of the loss", arguments: [false, true])
    func hasTrueGradients(isNormalized: Bool) {
        for task in [LearningTask.regression, .classification(classes: 2), .classification(classes: 3)] {
            var random = RandomNumbers(seed: 7), none = Self.none, noneEither = Self.none
            let loss = NetworkLoss(task), rows = 12
            let network = Network(
                widths: [4, 6, 5, loss.outputs], normalizedRows: isNormalized ? rows : nil, random: &random)
            let pass = NetworkPass(network, rows: rows)
            let inputs = (0..<rows * 4).map { _ in Float(random.normal()) }
            let set = TrainingSet(
                features: FeatureMatrix(rowCount: rows, columnCount: 0, values: []),
                targets: (0..<rows).map { Double($0 % task.width) }, weights: (0..<rows).map { 1 + Double($0 % 2) })
            func lost() -> Double {
                pass.inputs.update(from: inputs, count: inputs.count)
                pass.run(rows, inputDropout: &none, dropout: &noneEither)
                return loss.sum(pass.outputs, set, Array(0..<rows)) / 18
            }
            _ = lost()
            loss.writeErrors(pass.outputs, set, Array(0..<rows), to: pass.outputErrors)
            pass.learn(rows, scale: 1)
            for place in stride(from: 0, to: network.parameterCount, by: 3) {
                let step: Float = 1e-2, own = network.parameters.start[place]
                network.parameters.start[place] = own + step
                let above = lost()
                network.parameters.start[place] = own - step
                let below = lost()
                network.parameters.start[place] = own
                let slope = (above - below) / Double(2 * step), gradient = Double(network.gradients.start[place])
                #expect(abs(slope - gradient) < 0.02 * max(1, abs(slope)), "parameter \(place) of \(task)")
            }
        }
    }

    @Test("are asked with their normalization in the layers' weights")
    func joinsNormalization() {
        var random = RandomNumbers(seed: 9), none = Self.none, noneEither = Self.none
        let rows = 8, network = Network(widths: [3, 5, 2], normalizedRows: rows, random: &random)
        let pass = NetworkPass(network, rows: rows)
        let inputs = (0..<rows * 3).map { _ in Float(random.normal()) }
        for _ in 0..<20 {
            pass.inputs.update(from: inputs, count: inputs.count)
            pass.run(rows, inputDropout: &none, dropout: &noneEither)
        }
        pass.inputs.update(from: inputs, count: inputs.count)
        pass.ask(rows)
        let model = LayeredModel(pieces: LayeredModel.Pieces(), layers: network.layers, link: .identity)
        let columns = (0..<3).flatMap { column in (0..<rows).map { inputs[$0 * 3 + column] } }
        let sums = model.sums(over: FeatureMatrix(rowCount: rows, columnCount: 3, values: columns)).values
        #expect(sums.indices.allSatisfy { abs(sums[$0] - Double(pass.outputs[$0])) < 1e-4 })
    }

    @Test("learn with normalization and without pieces too, inputs left out")
    func learnsNormalized() throws {
        let training = Self.crossed(2_000, seed: 1), unseen = Self.crossed(500, seed: 2)
        let network = NeuralNetwork(
            hidden: [32, 16], dropout: 0.1, inputDropout: 0.05, normalizes: true, hasPieces: false, epochs: 30,
            seconds: .infinity, seed: 3)
        let form = try network.fit(training, validation: unseen, task: .classification(classes: 2)) { false }
        let predictions = form.predict(unseen.features)
        let right = unseen.targets.indices.count { (predictions[$0, 1] > 0.5) == (unseen.targets[$0] == 1) }
        #expect(right > 440)
    }

    @Test("are the same for the same seed")
    func isRepeatable() throws {
        let set = Self.crossed(300, seed: 5), task = LearningTask.classification(classes: 2)
        #expect(
            try network(3).fit(set, validation: nil, task: task) { false }
                == network(3).fit(set, validation: nil, task: task) { false })
    }

    @Test("say so when the time is too short for any")
    func refusesTooLittleTime() {
        let set = Self.crossed(4_000, seed: 5)
        #expect(throws: LearningFault.self) {
            try network(20, seconds: 0).fit(set, validation: nil, task: .classification(classes: 2)) { false }
        }
    }
}

@Suite("Pieces of a feature's range")
struct PiecesTests {
    private static func column(_ values: [Float]) -> FeatureMatrix {
        FeatureMatrix(rowCount: values.count, columnCount: 1, values: values)
    }

    @Test("hold as many rows each, and none are made of marks")
    func cutsAtQuantiles() {
        let pieces = LayeredModel.Pieces(fitting: Self.column((0..<601).map { Float($0) }))
        #expect(pieces.middles == [50, 150, 250, 350, 450, 550])
        #expect(LayeredModel.Pieces(fitting: Self.column((0..<600).map { Float($0 % 2) })).count == 0)
    }

    @Test("are cut again where a tail is long")
    func cutsLongTails() {
        let pieces = LayeredModel.Pieces(fitting: Self.column((0..<601).map { Float($0) + ($0 > 540 ? 10_000 : 0) }))
        #expect(pieces.count > 6)
        #expect(zip(pieces.middles, pieces.middles.dropFirst()).allSatisfy(<))
    }

    @Test("let a linear trainer bend")
    func letsLinesBend() throws {
        let inputs = (0..<600).map { Float($0) / 300 - 1 }, matrix = Self.column(inputs)
        let set = TrainingSet(features: matrix, targets: inputs.map { Double(abs($0)) })
        let straight = ElasticNet(alpha: 1e-4, l1Ratio: 0.1)
        func loss(_ trainer: any Trainer) throws -> Double {
            let form = try trainer.fit(set, validation: nil, task: .regression) { false }
            return Losses.rootMeanSquaredError(form.predict(matrix), truth: set.targets)
        }
        #expect(try loss(straight) > 0.25)
        #expect(try loss(PieceTrainer(trainer: straight)) < 0.03)
    }
}

@Suite("Calibrating probabilities by a power")
struct PowerCalibrationTests {
    @Test("leaves rows that add up to 1, in their order")
    func keepsShares() {
        let applied = PowerCalibration(exponent: 1.3).applied(to: [0.7, 0.2, 0.1, 0.5, 0.5, 0], width: 3)
        #expect(abs(applied[0] + applied[1] + applied[2] - 1) < 1e-12)
        #expect(applied[0] > 0.7 && applied[2] < 0.1)
        #expect(applied[3] == 0.5 && applied[5] == 0)
    }

    @Test("makes probabilities that are too careful more certain, and leaves right ones alone")
    func fitsTheExponent() throws {
        let truth = (0..<4_000).map { $0 % 10 < 8 ? 1 : 0 }
        let careful: [Float] = truth.flatMap { _ in [0.25, 0.75] }
        let calibration = try #require(PowerCalibration(fitting: careful, width: 2, truth: truth, weights: nil))
        #expect(abs(calibration.applied(to: [0.25, 0.75], width: 2)[1] - 0.8) < 0.005)
        let right: [Float] = truth.flatMap { _ in [0.2, 0.8] }
        #expect(PowerCalibration(fitting: right, width: 2, truth: truth, weights: nil) == nil)
    }
}

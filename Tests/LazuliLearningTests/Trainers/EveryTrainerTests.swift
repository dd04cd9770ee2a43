import Testing

@testable import LazuliLearning

/// Each trainer, under a name.
struct NamedTrainer: CustomTestStringConvertible {
    var testDescription: String
    var trainer: any Trainer
    var tasks: [LearningTask]

    static let two = LearningTask.classification(classes: 2)
    static let three = LearningTask.classification(classes: 3)

    init(_ name: String, _ trainer: any Trainer, _ tasks: [LearningTask]) {
        testDescription = name
        self.trainer = trainer
        self.tasks = tasks
    }

    static let all: [NamedTrainer] = [
        NamedTrainer("LogisticRegression", LogisticRegression(), [two, three]),
        NamedTrainer("LinearSVM", LinearSVM(), [two, three]),
        NamedTrainer("SGD", StochasticGradient(epochs: 20), [two, three, .regression]),
        NamedTrainer(
            "SGD, modified Huber", StochasticGradient(loss: .modifiedHuber, epochs: 20), [two, three, .regression]),
        NamedTrainer("BernoulliNaiveBayes", BernoulliNaiveBayes(), [two, three]),
        NamedTrainer("MultinomialNaiveBayes", MultinomialNaiveBayes(), [two, three]),
        NamedTrainer("GaussianNaiveBayes", GaussianNaiveBayes(), [two, three]),
        NamedTrainer("KNN", NearestNeighbours(weighsByDistance: true), [two, three, .regression]),
        NamedTrainer("DecisionTree", DecisionTree(), [two, three, .regression]),
        NamedTrainer("RandomForest", RandomForest(trees: 10), [two, three, .regression]),
        NamedTrainer("ExtremeRandomTrees", ExtremeRandomTrees(trees: 10), [two, three, .regression]),
        NamedTrainer("ElasticNet", ElasticNet(alpha: 0.01), [.regression]),
        NamedTrainer("LassoLars", LassoLars(alpha: 0.01), [.regression]),
        NamedTrainer("LinearRegression", LinearRegression(), [.regression]),
    ]
}

/// Small tables that are made in code.
enum Made {
    /// Normal-like numbers, the same at every run.
    static func features(rows: Int, columns: Int, seed: UInt64 = 1) -> FeatureMatrix {
        var random = RandomNumbers(seed: seed)
        let values = (0..<rows * columns).map { _ in
            Float((0..<4).reduce(0) { sum, _ in sum + Double(random.below(1000)) / 500 - 1 })
        }
        return FeatureMatrix(rowCount: rows, columnCount: columns, values: values)
    }

    /// What the first column tells with little noise, be it classes or values.
    static func training(_ task: LearningTask, rows: Int = 120, columns: Int = 3) -> TrainingSet {
        let features = features(rows: rows, columns: columns)
        let noise = Made.features(rows: rows, columns: 1, seed: 9)
        let levels = (0..<rows).map { Double(features[$0, 0]) + Double(noise[$0, 0]) / 5 }
        let targets = levels.map { level -> Double in
            switch task {
            case .regression: level
            case .classification(2): level > 0 ? 1 : 0
            case .classification: level > 0.7 ? 2 : level > -0.7 ? 1 : 0
            }
        }
        return TrainingSet(features: features, targets: targets)
    }
}

@Suite("Every trainer")
struct EveryTrainerTests {
    private func expectSound(_ predictions: Predictions, _ task: LearningTask, rows: Int) {
        #expect(predictions.width == task.width)
        #expect(predictions.rowCount == rows)
        #expect(isFinite(predictions))
        guard task != .regression else { return }
        for row in 0..<rows {
            let sum = (0..<task.width).reduce(0) { $0 + predictions[row, $1] }
            #expect(abs(sum - 1) < 1e-9)
        }
    }

    private func isFinite(_ predictions: Predictions) -> Bool { predictions.values.allSatisfy { $0.isFinite } }

    private func fit(_ one: NamedTrainer, _ training: TrainingSet, _ task: LearningTask) throws -> Predictions {
        let model = try one.trainer.fit(training, validation: nil, task: task, isOver: { false })
        return model.predict(training.features)
    }

    @Test("Learns what one column tells", arguments: NamedTrainer.all)
    func learns(one: NamedTrainer) throws {
        for task in one.tasks {
            let training = Made.training(task)
            let predictions = try fit(one, training, task)
            expectSound(predictions, task, rows: 120)
            var scorer = MetricScorer(task == .regression ? .r2 : .aucWeighted, task: task, targets: training.targets)
            #expect(scorer.loss(predictions) < 0.3, "\(task)")
        }
    }

    @Test("Is the same at every run", arguments: NamedTrainer.all)
    func repeats(one: NamedTrainer) throws {
        for task in one.tasks {
            let training = Made.training(task)
            let (first, second) = (try fit(one, training, task), try fit(one, training, task))
            #expect(first == second)
        }
    }

    @Test("Gives what there is when time is over from the start", arguments: NamedTrainer.all)
    func stops(one: NamedTrainer) throws {
        for task in one.tasks {
            let training = Made.training(task)
            let model = try one.trainer.fit(training, validation: nil, task: task, isOver: { true })
            expectSound(model.predict(training.features), task, rows: 120)
        }
    }

    @Test("Copes with tables of hardly anything", arguments: NamedTrainer.all)
    func degenerate(one: NamedTrainer) throws {
        for task in one.tasks {
            let classes = Double(task.width)
            let one0 = FeatureMatrix(rowCount: 3, columnCount: 1, values: [1, 2, 3])
            let constant = FeatureMatrix(rowCount: 4, columnCount: 2, values: Array(repeating: 5, count: 8))
            let zeros = FeatureMatrix(rowCount: 4, columnCount: 2, values: Array(repeating: 0, count: 8))
            let parted = FeatureMatrix(rowCount: 6, columnCount: 1, values: [-3, -2, -1, 1, 2, 3])
            let single = FeatureMatrix(rowCount: 1, columnCount: 2, values: [1, -1])
            let none = FeatureMatrix(rowCount: 4, columnCount: 0, values: [])
            let sets: [(String, TrainingSet)] = [
                (
                    "one row per class",
                    TrainingSet(features: one0, targets: [0, min(1, classes - 1), max(0, classes - 1)])
                ),
                ("constant columns", TrainingSet(features: constant, targets: [0, 1, 0, 1])),
                ("zeros", TrainingSet(features: zeros, targets: [0, 1, 0, 1])),
                ("perfectly parted", TrainingSet(features: parted, targets: [0, 0, 0, 1, 1, 1])),
                ("one class, or one value", TrainingSet(features: parted, targets: [1, 1, 1, 1, 1, 1])),
                ("a single row", TrainingSet(features: single, targets: [1])),
                ("no columns", TrainingSet(features: none, targets: [0, 1, 1, 1])),
                (
                    "weights of 0",
                    TrainingSet(features: parted, targets: [0, 0, 0, 1, 1, 1], weights: [0, 1, 1, 1, 1, 0])
                ),
            ]
            for (name, training) in sets {
                let predictions = try fit(one, training, task)
                expectSound(predictions, task, rows: training.targets.count)
                #expect(isFinite(predictions), "\(name), \(task)")
                #expect(predictions.values.count == training.targets.count * task.width, "\(name), \(task)")
            }
        }
    }

    @Test("Says so, or stays finite, when values are huge", arguments: NamedTrainer.all)
    func huge(one: NamedTrainer) throws {
        for task in one.tasks {
            var training = Made.training(task)
            training.features.values = training.features.values.map { $0 * 1e30 }
            do {
                let predictions = try fit(one, training, task)
                #expect(isFinite(predictions))
            } catch let fault as LearningFault {
                #expect(fault.description.contains("scale"))
            }
        }
    }

    @Test("Refuses a task that is not its own", arguments: NamedTrainer.all)
    func refuses(one: NamedTrainer) {
        for task in [NamedTrainer.two, .regression] where !one.tasks.contains(task) {
            #expect(throws: LearningFault.self) { try fit(one, Made.training(task), task) }
        }
    }

    @Test("Refuses a table without rows", arguments: NamedTrainer.all)
    func refusesNothing(one: NamedTrainer) {
        let nothing = TrainingSet(features: FeatureMatrix(rowCount: 0, columnCount: 2, values: []), targets: [])
        #expect(throws: LearningFault.self) { try fit(one, nothing, one.tasks[0]) }
    }

    @Test(
        "A row of weight two is as good as two rows",
        arguments: NamedTrainer.all.filter {
            !["KNN", "RandomForest", "SGD", "SGD, modified Huber", "LinearSVM", "ExtremeRandomTrees"].contains(
                $0.testDescription)
        })
    func weighs(one: NamedTrainer) throws {
        for task in one.tasks {
            let single = Made.training(task, rows: 60)
            let double = single.rows((0..<60).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] })
            var weighted = single
            weighted.weights = (0..<60).map { $0 % 3 == 0 ? 2 : 1 }
            let models = try [double, weighted].map {
                try one.trainer.fit($0, validation: nil, task: task, isOver: { false }).predict(single.features)
            }
            expectClose(models[0].values, models[1].values, within: 5e-3, "\(task)")
        }
    }
}

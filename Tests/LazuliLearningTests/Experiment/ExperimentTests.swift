import Foundation
import LazuliTabular
import Synchronization
import Testing

@testable import LazuliLearning

/// Carries out orders one after the other in this process, by our own trainers alone.
private actor OwnPool: TrainingPool {
    nonisolated let parallelism = Parallelism(processors: 1, trials: nil, cells: 0)
    private let folder: TrainingFolder
    private let clock: OrderClock
    private var runner: TrainingRunner?

    init(_ folder: TrainingFolder, _ clock: OrderClock) {
        self.folder = folder
        self.clock = clock
    }

    func run(_ order: TrainingOrder) -> TrainingReply {
        clock.count()
        do {
            let runner =
                try self.runner ?? TrainingRunner(folder: folder, libraries: .init(lightGBM: nil, xgboost: nil))
            self.runner = runner
            var reply = runner.run(order)
            reply.seconds = 1
            return reply
        } catch {
            return TrainingReply(
                number: order.number, rounds: 0, seconds: 0, processorSeconds: 0, fault: "\(error)")
        }
    }

    func end() {}
}

/// Each order takes a second.
private final class OrderClock: Sendable {
    private let orders = Mutex(0)
    var seconds: Double { Double(orders.withLock { $0 }) }
    func count() { orders.withLock { $0 += 1 } }
}

/// An experiment over 300 rows whose class, or value, follows from the product of two numbers, and a word.
private struct SmallExperiment {
    let table: Table
    var settings: ExperimentSettings

    init(_ task: ExperimentSettings.Task, allowed: [String]) {
        var random = RandomNumbers(seed: 11)
        let rows = 300, first = (0..<rows).map { _ in random.unit() }, second = (0..<rows).map { _ in random.unit() }
        let words = (0..<rows).map { Int32($0 % 3) }
        let values = (0..<rows).map { 3 * first[$0] * second[$0] + (words[$0] == 1 ? 0.5 : 0) + 0.4 * random.unit() }
        let target = task == .regression ? values : values.map { $0 > 0.8 + random.unit() / 2 ? 1 : 0 }
        table = Table(
            columns: [
                Column(name: "first", kind: .real, values: .numbers(first)),
                Column(name: "second", kind: .real, values: .numbers(second)),
                Column(
                    name: "word", kind: .category, values: .labels(LabelValues(codes: words, texts: ["a", "b", "c"]))),
                Column(name: "y", kind: task == .regression ? .real : .integer, values: .numbers(target)),
            ], rowCount: rows)
        settings = ExperimentSettings(task: task, target: "y", data: .init(training: "t.csv"))
        settings.algorithms.allowed = allowed
        settings.validation.folds = 3
        settings.primaryMetric = task == .regression ? nil : "log_loss"
    }

    /// - Returns: what came of it, and all that was told.
    func run() async throws -> (Experiment.Result, [ExperimentEvent]) {
        let path = FileManager.default.temporaryDirectory.appending(path: "lazuli-experiment-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let clock = OrderClock(), told = Told()
        let surroundings = Experiment.Surroundings(
            seconds: { clock.seconds }, tell: { told.note($0) }, pool: { folder, _ in OwnPool(folder, clock) })
        let experiment = Experiment(settings, folder: TrainingFolder(path), surroundings)
        let result = try await experiment.run(experiment.prepare(table))
        return (result, told.events)
    }

    private final class Told: Sendable {
        private let all = Mutex<[ExperimentEvent]>([])
        var events: [ExperimentEvent] { all.withLock { $0 } }
        func note(_ event: ExperimentEvent) { all.withLock { $0.append(event) } }
    }
}

extension [ExperimentEvent] {
    fileprivate var algorithms: [String] {
        compactMap { if case .trialEnded(let trial, _) = $0 { trial.algorithm } else { nil } }
    }
}

@Suite("An experiment from the table to the model")
struct ExperimentRunTests {
    @Test("ends with a vote of different models, whose probabilities add up to 1")
    func votes() async throws {
        var experiment = SmallExperiment(
            .classification, allowed: ["LogisticRegression", "ExtremeRandomTrees", "RandomForest"])
        experiment.settings.ensembles.stacks = false
        let (result, told) = try await experiment.run()
        #expect(told.algorithms.contains("VotingEnsemble") && !told.algorithms.contains("StackEnsemble"))
        let predictions = result.model.predictions(of: result.preparation.table)
        for row in 0..<predictions.rowCount { #expect(abs(predictions[row, 0] + predictions[row, 1] - 1) < 1e-9) }
        #expect(abs(result.model.members.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
        #expect(Losses.logLoss(predictions, truth: result.preparation.table.targets.map { Int($0) }) < 0.4)
    }

    @Test("tries a stack beside the vote, and a stack that wins predicts as its linear model says")
    func stacks() async throws {
        var experiment = SmallExperiment(.regression, allowed: ["ElasticNet", "NeuralNetwork", "RandomForest"])
        experiment.settings.ensembles.votes = false
        let (result, told) = try await experiment.run()
        #expect(told.algorithms.contains("StackEnsemble") && !told.algorithms.contains("VotingEnsemble"))
        if result.bestName == "StackEnsemble" {
            let stack = try #require(result.model.stack)
            #expect(Set(stack.inputs.joined()) == Set(result.model.members.indices))
        }
        let predictions = result.model.predictions(of: result.preparation.table), target = result.preparation.target
        let truth = target.values(result.preparation.table.targets)
        #expect(Losses.rootMeanSquaredError(predictions, truth: truth) < 0.25)
    }

    @Test("keeps the folds' networks, and learns everything else again from all rows")
    func keepsNetworks() async throws {
        let networks = try await SmallExperiment(.classification, allowed: ["NeuralNetwork"]).run().0
        #expect(networks.model.members.count.isMultiple(of: 3))
        let trees = try await SmallExperiment(.classification, allowed: ["DecisionTree"]).run().0
        #expect(trees.model.members.count == 1)
    }

    @Test("says why when nothing can be trained")
    func saysWhy() async throws {
        let experiment = SmallExperiment(.classification, allowed: ["LightGBM"])
        await #expect {
            try await experiment.run()
        } throws: { fault in
            "\(fault)".contains("lazuli native install lightgbm")
        }
    }
}

@Suite("The steps of boosters")
struct BoostingPaceTests {
    private func pace(classes: Int = 2, rows: Int, columns: Int = 20, seconds: Double = 60) -> BoostingPace {
        BoostingPace(
            task: .classification(classes: classes), rows: rows, columns: columns, folds: rows > 20_000 ? 1 : 3,
            processorSeconds: seconds)
    }

    @Test("are small where the time allows it, and larger where it does not")
    func followsTheTime() {
        let short = pace(rows: 200_000, seconds: 10), long = pace(rows: 200_000, seconds: 600)
        #expect(short.learningRate > long.learningRate)
        #expect(pace(rows: 2_000, seconds: 600).learningRate < 0.05)
        #expect(pace(classes: 100, rows: 50_000, columns: 200, seconds: 10).learningRate == 0.25)
    }

    @Test("make a booster slow only where many trees of many columns must be grown")
    func knowsWhatIsSlow() {
        #expect(!pace(rows: 5_000).isSlow)
        #expect(pace(classes: 10, rows: 7_500, columns: 196).isSlow)
    }
}

import ArgumentParser
import Foundation
import LazuliClient
import LazuliEnvironments
import LazuliLearning
import LazuliProcesses
import LazuliResources
import LazuliTabular

/// `lazuli automl train data.csv --target price`
struct AutoMLTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a model that predicts a column of a table.",
        discussion: """
            Prints the models as they are tried, the best of them, and where it lies: an MLflow model folder whose
            model.onnx takes the table's columns as they are.
            """)

    @Argument(help: "A CSV, Parquet or JSON-lines file, a folder of them, or one with an MLTable file.")
    var data: String

    @Option(help: "The column to predict.")
    var target: String

    @Option(help: "classification or regression; by default what the column looks like.")
    var task: String?

    @Option(help: "What to judge by, for instance AUC_weighted, log_loss, r2_score.")
    var metric: String?

    @Option(help: "Seconds from start to end.")
    var timeoutSeconds: Double = 60

    @Option(help: "Models to try at most.")
    var maxTrials: Int?

    @Option(help: "Models to train at the same time; by default one per core.")
    var maxConcurrentTrials: Int?

    @Option(help: "Folds of the cross-validation; by default by the number of rows.")
    var folds: Int?

    @Option(help: "A table to test the best model on.")
    var testData: String?

    @Option(help: "A table to validate on, instead of folds.")
    var validationData: String?

    @Option(help: "Algorithms to use, separated by commas, for instance LightGBM,LogisticRegression.")
    var allow: String?

    @Option(help: "Algorithms not to use, separated by commas.")
    var block: String?

    @Option(help: "The folder for the model and its reports.")
    var output = "automl"

    @Option(help: "The same seed and the same number of trials give the same models.")
    var seed: UInt64 = 0

    func validate() throws {
        guard timeoutSeconds > 0, timeoutSeconds.isFinite else {
            throw ValidationError("--timeout-seconds is the time to train in: a number above 0, not \(timeoutSeconds).")
        }
        for (option, number, least) in [
            ("--max-trials", maxTrials, 1), ("--max-concurrent-trials", maxConcurrentTrials, 1), ("--folds", folds, 2),
        ] {
            if let number, number < least { throw ValidationError("\(option) is at least \(least), not \(number).") }
        }
    }

    func run() async throws {
        let startedAt = ContinuousClock.now
        let settings = try await experimentSettings()
        let stop = StopRequest()
        let signals = StopSignals { stop.request() }
        defer { signals.end() }
        let words = ExperimentWords()
        let folder = URL(fileURLWithPath: output).path
        let run = ExperimentRun(
            settings: settings,
            surroundings: .init(
                executable: OwnProgram.path, libraries: try await LocalLibraries.files(),
                workFolder: "\(folder)/.training",
                outputFolder: folder, runID: UUID().uuidString.lowercased(),
                processors: Processors.usable(),
                tell: { event in words.line(event).map { print($0) } }, stop: stop),
            startedAt: startedAt)
        let ending = await run.perform()
        guard !ending.isFailure else { throw LearningFault(ending.reason) }
        print("The model lies in \(folder)/outputs/mlflow-model")
    }

    private func experimentSettings() async throws -> ExperimentSettings {
        let chosen: ExperimentSettings.Task
        if let task {
            guard let known = ExperimentSettings.Task(rawValue: task) else {
                throw ValidationError("--task is classification or regression, not \"\(task)\".")
            }
            chosen = known
        } else {
            let known = metric.flatMap(Metric.init(named:)).map { metric -> ExperimentSettings.Task in
                metric.isOfRegression ? .regression : .classification
            }
            if let known { chosen = known } else { chosen = try await TaskGuess.task(data: data, target: target) }
        }
        var settings = ExperimentSettings(task: chosen, target: target, data: .init(training: data))
        settings.primaryMetric = metric
        settings.data.test = testData
        settings.data.validation = validationData
        settings.validation.folds = folds
        settings.limits.seconds = timeoutSeconds
        settings.limits.trials = maxTrials
        settings.limits.concurrentTrials = maxConcurrentTrials
        settings.algorithms.allowed = Self.names(allow)
        settings.algorithms.blocked = Self.names(block)
        settings.seed = seed
        return settings
    }

    private static func names(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// The libraries that train, fetched when they are first needed.
enum LocalLibraries {
    static func files() async throws -> NativeLibraryFiles {
        let store = NativeLibraryStore(home: URL(fileURLWithPath: ProfileDiscovery(home: nil).home))
        return NativeLibraryFiles(
            lightGBM: try await store.folder(of: .lightgbm) + "/lightgbm/lib/lib_lightgbm.so",
            xgboost: try await store.folder(of: .xgboost) + "/xgboost/lib/libxgboost.so")
    }
}

/// Whether a column is a class or a number.
enum TaskGuess {
    /// A number with more different values than this is predicted by regression.
    private static let mostClasses = 20

    static func task(data: String, target: String) async throws -> ExperimentSettings.Task {
        guard let column = try await TableSource.read(path: data).table.column(target) else { return .classification }
        guard case .numbers(let values) = column.values else { return .classification }
        if column.kind == .real { return .regression }
        return Set(values.lazy.filter { !$0.isNaN }).count > mostClasses ? .regression : .classification
    }
}

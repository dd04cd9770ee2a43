import Foundation
import LazuliLearning
import LazuliProcesses
import LazuliResources
import LazuliTabular

/// An experiment from files to files: reads the tables, races, tests, and writes the model and what is to be known of it.
struct ExperimentRun: Sendable {
    struct Surroundings: Sendable {
        /// This program, which training processes are started from.
        var executable: String
        var libraries: NativeLibraryFiles
        /// Files between the processes; removed at the end.
        var workFolder: String
        /// Gets `outputs/…`.
        var outputFolder: String
        /// The run that the model says it comes from.
        var runID: String
        /// Processors that training may take.
        var processors: Int
        var tell: @Sendable (ExperimentEvent) -> Void
        var stop: StopRequest
    }

    let settings: ExperimentSettings
    let surroundings: Surroundings
    let startedAt: ContinuousClock.Instant

    /// - Returns: how it ended; it is told too.
    func perform() async -> ExperimentEvent.Ending {
        HeapLimits.set()
        let ending: ExperimentEvent.Ending
        do throws(LearningFault) {
            ending = try await run()
        } catch {
            ending = ExperimentEvent.Ending(best: nil, reason: error.description, isFailure: true)
        }
        try? FileManager.default.removeItem(atPath: surroundings.workFolder)
        surroundings.tell(.ended(ending))
        return ending
    }

    /// Seconds since the start.
    var seconds: @Sendable () -> Double {
        let startedAt = startedAt
        return { (ContinuousClock.now - startedAt) / .seconds(1) }
    }

    private func run() async throws(LearningFault) -> ExperimentEvent.Ending {
        let leaderboard = Leaderboard(), experiment = experiment(leaderboard)
        let (ready, test) = try await prepared(experiment)
        let result = try await experiment.run(ready)
        return try ExperimentOutputs(run: self, test: test, result: result, leaderboard: leaderboard).write()
    }

    private func experiment(_ leaderboard: Leaderboard) -> Experiment {
        let stop = surroundings.stop, tell = surroundings.tell
        return Experiment(
            settings, folder: TrainingFolder(surroundings.workFolder),
            Experiment.Surroundings(
                seconds: seconds,
                tell: { event in
                    leaderboard.note(event)
                    tell(event)
                }, pool: pool, isStopped: { stop.isRequested }))
    }

    /// Reads the tables. That of the training is forgotten here, for the race has what it needs of it.
    private func prepared(
        _ experiment: Experiment
    ) async throws(LearningFault) -> (ready: Experiment.Ready, test: Table?) {
        let tables = try await ExperimentTables(settings, duckdb: surroundings.libraries.duckdb)
        do {
            try FileManager.default.createDirectory(
                atPath: surroundings.workFolder, withIntermediateDirectories: true)
        } catch {
            throw LearningFault("Cannot make the folder \(surroundings.workFolder): \(error.localizedDescription)")
        }
        let ready = try experiment.prepare(
            tables.training, validationRows: tables.validationRows, notes: tables.notes)
        return (ready, tables.test)
    }

    /// Bytes that the training processes may hold together.
    private var memory: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return min(settings.limits.memoryBytes.map(Int.init) ?? machine, machine) / 10 * 9
    }

    private func pool(_ folder: TrainingFolder, cells: Int) -> any TrainingPool {
        let parallelism = Parallelism(
            processors: surroundings.processors, trials: settings.limits.concurrentTrials,
            threads: settings.limits.coresPerTrial, cells: cells)
        var environment = ["PATH": "/usr/bin:/bin", "OMP_WAIT_POLICY": "passive", "OMP_NUM_THREADS": "1"]
        environment["HOME"] = ProcessInfo.processInfo.environment["HOME"]
        environment[TrainingRole.threadsVariable] = String(parallelism.threads)
        environment[TrainingRole.memoryVariable] = String(memory / parallelism.trials)
        environment[TrainingRole.lightGBMVariable] = surroundings.libraries.lightGBM
        environment[TrainingRole.xgboostVariable] = surroundings.libraries.xgboost
        let pool = TrainingProcesses(
            parallelism, .init(executable: surroundings.executable, environment: environment, folder: folder))
        surroundings.stop.whenRequested { Task { await pool.stopOrders() } }
        return pool
    }
}

/// Someone's wish that the experiment ends now, with the best so far.
final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var listeners: [@Sendable () -> Void] = []
    }

    private let state = Lock(State())

    var isRequested: Bool { state.with { $0.isRequested } }

    func request() {
        let listeners = state.with { state in
            state.isRequested = true
            return state.listeners
        }
        for listener in listeners { listener() }
    }

    func whenRequested(_ listener: @escaping @Sendable () -> Void) {
        let isLate = state.with { state in
            state.listeners.append(listener)
            return state.isRequested
        }
        if isLate { listener() }
    }
}

import GRDB
import LazuliDomain
import LazuliLearning
import LazuliPersistence
import LazuliResources

/// Writes down what an experiment told: a child run a trial, the progress and the winner on the job itself. What was
/// written down before is passed over, so that the events of an experiment may be read from the start again.
struct ExperimentRecorder: Sendable {
    let database: StateDatabase
    let runs: any RunRecorder
    let clock: WallClock

    func write(_ advance: ExperimentLog.Advance, of job: RunningJob, _ ledger: any JobLedger) async throws {
        guard !advance.events.isEmpty else { return }
        let at = clock.now(), runs = runs
        try await database.write { database in
            let page = Page(job: job, ledger: ledger, runs: runs, at: at, chronicle: advance.chronicle)
            for event in advance.events { try page.write(event, database) }
            try page.writeProgress(database)
        }
    }

    /// Ends what is still open and names the winner.
    /// - Parameter best: the trial whose run holds the model; nil when there is none.
    func close(
        _ chronicle: ExperimentChronicle, best: Int?, of job: RunningJob, _ ledger: any JobLedger, as end: JobStatus
    ) async throws {
        let at = clock.now(), runs = runs
        try await database.write { database in
            let page = Page(job: job, ledger: ledger, runs: runs, at: at, chronicle: chronicle)
            try page.endOpenTrials(as: end, database)
            if let best { try page.name(best, database) }
        }
    }
}

/// One step of writing.
private struct Page {
    let job: RunningJob
    let ledger: any JobLedger
    let runs: any RunRecorder
    let at: Int64
    let chronicle: ExperimentChronicle

    func write(_ event: ExperimentEvent, _ database: Database) throws {
        switch event {
        case .prepared(let preparation):
            try ledger.describe(
                job.name, of: job, properties: TrialProperties.parent(preparation, of: job), tags: [:], at: at, database
            )
        case .trialStarted(let trial): try begin(trial, database)
        case .trialEnded(let trial, let result): try end(trial, result, database)
        case .progress: break
        case .ended(let ending): try write(ending, database)
        }
    }

    func writeProgress(_ database: Database) throws {
        let facts: [(String, JSON)] = [
            ("progress", .number((chronicle.share * 1_000).rounded() / 1_000)),
            ("trials", JSON(chronicle.endedTrials)),
            ("bestScore", chronicle.best.map { .number($0.score) } ?? .null),
        ]
        try ledger.tell(chronicle.progress, facts: facts, of: job, database)
    }

    // MARK: - Trials

    private func begin(_ trial: ExperimentEvent.Trial, _ database: Database) throws {
        let properties = TrialProperties.begun(trial, of: job, metric: chronicle.metric)
        let part = JobPart(
            name: TrialNames.run(trial.number, of: job), displayName: TrialNames.display(trial),
            command: "lazuli child train", properties: properties, tags: properties)
        guard try ledger.begin(part, of: job, at: at, database) else { return }
        try runs.log(
            [], params: TrialProperties.params(trial), toRun: part.name, at: at, in: job.scope, database)
    }

    private func end(
        _ trial: ExperimentEvent.Trial, _ result: ExperimentEvent.TrialResult, _ database: Database
    ) throws {
        try begin(trial, database)
        let name = TrialNames.run(trial.number, of: job)
        let score = chronicle.metric.flatMap { result.metrics[$0] }
        let properties = TrialProperties.ended(result, score: score)
        let end = JobPartEnd(
            name: name, status: JobStatus(rawValue: result.status.rawValue) ?? .failed, reason: result.reason,
            properties: properties)
        guard try ledger.end(end, of: job, at: at, database) else { return }
        try runs.setTags(properties, ofRun: name, in: job.scope, database)
        try runs.log(
            Self.metrics(result.metrics), params: [:], toRun: name, at: at, in: job.scope, database)
        // The job's own metric is a curve of the best so far.
        if let best = chronicle.best, best.trial.number == trial.number, let metric = chronicle.metric {
            try runs.log(
                [RunMetric(key: metric, value: best.score, step: Int64(best.step))], params: [:], toRun: job.name,
                at: at, in: job.scope, database)
        }
    }

    func endOpenTrials(as end: JobStatus, _ database: Database) throws {
        let isCancelled = end != .failed
        for name in try ledger.openParts(of: job, database) {
            let reason =
                isCancelled
                ? "The experiment ended before this trial did."
                : "The experiment's process ended before this trial did."
            try ledger.end(
                JobPartEnd(name: name, status: isCancelled ? .canceled : .failed, reason: reason), of: job, at: at,
                database)
        }
    }

    // MARK: - The winner

    private func write(_ ending: ExperimentEvent.Ending, _ database: Database) throws {
        guard let best = ending.best else { return }
        let tested = ending.testMetrics.map { ("test_\($0.key)", $0.value) }
        let metrics = Self.metrics(Dictionary(tested, uniquingKeysWith: { $1 }))
        for run in [TrialNames.run(best, of: job), job.name] {
            try runs.log(metrics, params: [:], toRun: run, at: at, in: job.scope, database)
        }
    }

    /// Where clients look for the winner, as they look for Azure's.
    func name(_ best: Int, _ database: Database) throws {
        let run = TrialNames.run(best, of: job)
        let named = ["automl_best_child_run_id": run]
        try ledger.describe(
            job.name, of: job, properties: named.merging(["best_child_run_id": run]) { $1 }, tags: named, at: at,
            database)
        guard let found = chronicle.best, found.trial.number == best else { return }
        let others = found.metrics.filter { $0.key != chronicle.metric }
        try runs.log(
            Self.metrics(others, step: Int64(found.step)), params: [:], toRun: job.name, at: at, in: job.scope,
            database)
    }

    private static func metrics(_ values: [String: Double], step: Int64 = 0) -> [RunMetric] {
        values.sorted { $0.key < $1.key }.map { RunMetric(key: $0.key, value: $0.value, step: step) }
    }
}

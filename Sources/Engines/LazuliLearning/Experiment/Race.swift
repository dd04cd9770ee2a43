import LazuliResources

/// The running of an experiment: orders go to training processes, what comes back goes to the search and to whoever
/// listens, and when the time is over the best are joined.
struct Race {
    let settings: ExperimentSettings
    let folder: TrainingFolder
    let surroundings: Experiment.Surroundings
    let preparation: TablePreparation
    let folds: Folds
    let scoring: TrialScoring
    private let loss: ValidationLoss

    init(_ experiment: Experiment, _ preparation: TablePreparation, _ folds: Folds) throws(LearningFault) {
        settings = experiment.settings
        folder = experiment.folder
        surroundings = experiment.surroundings
        self.preparation = preparation
        self.folds = folds
        scoring = try TrialScoring(preparation, metric: settings.primaryMetric)
        loss = ValidationLoss(table: preparation.table)
    }

    func run() async throws(LearningFault) -> Experiment.Result {
        let algorithms = try AlgorithmChoice(settings, task: preparation.table.task)
        surroundings.tell(.prepared(prepared(algorithms)))
        let table = preparation.table
        let pool = surroundings.pool(folder, table.rowCount * table.columns.count)
        let outcome = await race(in: pool, algorithms)
        let result = await Result { () async throws(LearningFault) in
            try await FinalAssembly(self, outcome.contenders, outcome.voting, pool).result()
        }
        await pool.end()
        return try result.get()
    }

    private func prepared(_ algorithms: AlgorithmChoice) -> ExperimentEvent.Preparation {
        .init(
            rows: preparation.table.rowCount, columns: preparation.columns.count,
            features: preparation.table.columns.count, metric: scoring.metric.rawValue,
            isGreaterBetter: scoring.metric.greaterIsBetter, validation: folds.words,
            guardrails: preparation.guardrails, columnSummary: preparation.summary,
            unavailable: algorithms.unavailable)
    }

    // MARK: - Racing

    private func race(
        in pool: any TrainingPool, _ algorithms: AlgorithmChoice
    ) async -> (contenders: [Contender], voting: Voting?) {
        var search = Search(
            portfolio: portfolio(pool.parallelism).candidates(where: algorithms.allows),
            folds: folds.folds.count, firstSample: firstSample, limits: limits, seed: settings.seed)
        var standing = Standing(self)
        await withTaskGroup(of: TrainingReply.self) { group in
            var running = 0
            while true {
                while running < pool.size, !standing.isGoodEnough, !surroundings.isStopped(),
                    let order = search.next(
                        now: surroundings.seconds(), reserve: standing.reserve(processes: pool.size))
                {
                    if order.fold == 0, let contender = search.contenders.last, contender.started.count == 1 {
                        surroundings.tell(.trialStarted(TrialScoring.trial(contender)))
                    }
                    running += 1
                    group.addTask { await pool.run(order) }
                }
                guard let reply = await group.next() else { return }
                running -= 1
                note(reply, &search, &standing)
            }
        }
        return (standing.closed(search.contenders), standing.finalVoting)
    }

    private func portfolio(_ parallelism: Parallelism) -> Portfolio {
        let table = preparation.table
        return Portfolio(
            task: table.task, rows: table.rowCount, columns: table.columns.count,
            hasCommonUnit: table.hasCommonUnit, hasSmallCategories: table.hasSmallCategories, folds: folds.folds.count,
            processorSeconds: settings.limits.seconds * Double(parallelism.trials * parallelism.threads))
    }

    private func note(_ reply: TrainingReply, _ search: inout Search, _ standing: inout Standing) {
        var predictions: [Float] = []
        var reply = reply
        if reply.fault == nil {
            do throws(LearningFault) {
                predictions = try folder.readPredictions(order: reply.number)
            } catch {
                reply.fault = error.description
            }
        }
        let fold = search.fold(of: reply.number)
        let lost = fold.map { loss(predictions, rows: folds.folds[$0].validation) }
        if let ended = search.note(reply, loss: lost, predictions: predictions) {
            let isProgress = standing.note(ended)
            search.note(members: standing.members.map(\.number), isProgress: isProgress)
        }
        surroundings.tell(.progress(progress, best: standing.best))
    }

    private var progress: Double { min(0.99, surroundings.seconds() / settings.limits.seconds) }

    // MARK: - Limits

    /// Within less, every part of a second goes into learning.
    private static let shortLimit = 10.0
    /// Seconds that the last steps take, from writing the model down to the end of the process.
    private static let closing = (least: 0.7, share: 0.03, explaining: 0.3)

    /// When training must have ended, in seconds since the start.
    var deadline: Double {
        settings.limits.seconds - max(Self.closing.least, Self.closing.share * min(60, settings.limits.seconds))
            - (settings.explains && settings.limits.seconds > Self.shortLimit ? Self.closing.explaining : 0)
    }

    private var limits: Search.Limits {
        let ensembles = [settings.ensembles.votes, settings.ensembles.stacks].count { $0 }
        return Search.Limits(
            deadline: deadline, trialSeconds: settings.limits.trialSeconds,
            trials: settings.limits.trials.map { max(1, $0 > 1 + ensembles ? $0 - ensembles : $0) },
            patience: settings.limits.stopsEarly ? Self.patience : nil)
    }

    /// Candidates that may add nothing, one after the other, before the experiment ends early.
    private static let patience = 25

    /// With more rows, the first model on the leaderboard learns from a part of them.
    private static let largeTable = 50_000
    private static let sampleOfLarge = 10_000

    private var firstSample: Int? {
        preparation.table.rowCount > Self.largeTable ? Self.sampleOfLarge : nil
    }
}

extension Result where Failure == LearningFault {
    fileprivate init(_ body: () async throws(LearningFault) -> Success) async {
        do throws(LearningFault) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Who leads, and how much time must be left for what comes after the race.
struct Standing {
    private let race: Race
    private(set) var best: Double?

    init(_ race: Race) { self.race = race }

    /// Tells the world of a contender that has ended.
    mutating func note(_ contender: Contender) {
        let now = race.surroundings.seconds(), trial = TrialScoring.trial(contender)
        var result = ExperimentEvent.TrialResult(status: .completed, seconds: now - contender.startedAt)
        switch contender.state {
        case .failed(let reason):
            result.status = .failed
            result.reason = reason
        case .outrun where contender.sample == nil:
            result.status = .canceled
            result.reason = "It was clearly behind the best after its first fold."
            result.metrics = race.scoring.metrics(ofFoldsOf: contender, race.folds)
        case .running, .completed, .outrun:
            if contender.sample != nil { result.reason = "A first model, from a sample of the rows." }
            result.metrics = race.scoring.metrics(ofFoldsOf: contender, race.folds)
            if let value = result.metrics[race.scoring.metric.rawValue] { keep(value) }
        }
        race.surroundings.tell(.trialEnded(trial, result))
    }

    private mutating func keep(_ value: Double) {
        guard let best else { return best = value }
        self.best = race.scoring.metric.greaterIsBetter ? max(best, value) : min(best, value)
    }

    var isGoodEnough: Bool {
        guard let best, let wanted = race.settings.limits.exitScore else { return false }
        return race.scoring.metric.greaterIsBetter ? best >= wanted : best <= wanted
    }

    /// Seconds to keep for training the best again on all rows, where a single fold was validated on.
    func reserve(_ contenders: [Contender]) -> Double {
        let share = race.settings.limits.seconds * 0.02
        guard race.folds.folds.count == 1 else { return share }
        let slowest = contenders.filter { $0.state == .completed && $0.sample == nil }.map(\.secondsPerFold)
            .sorted().suffix(FinalAssembly.mostMembers)
        return share + slowest.reduce(0, +) * FinalAssembly.refitFactor / 2
    }

    /// Those that were still running when the time was over.
    func closed(_ contenders: [Contender]) -> [Contender] {
        contenders.map { contender in
            guard contender.state == .running else { return contender }
            var closed = contender
            closed.state = contender.results.isEmpty ? .failed("The time was over.") : .outrun
            race.surroundings.tell(
                .trialEnded(
                    TrialScoring.trial(contender),
                    .init(
                        status: .canceled, seconds: race.surroundings.seconds() - contender.startedAt,
                        metrics: race.scoring.metrics(ofFoldsOf: contender, race.folds),
                        reason: "The time was over before all its folds were done.")))
            return closed
        }
    }
}

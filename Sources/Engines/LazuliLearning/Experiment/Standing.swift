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

    /// Seconds to keep for training the best again on all rows, by what their folds took.
    func reserve(_ contenders: [Contender], processes: Int) -> Double {
        let done = contenders.filter { $0.state == .completed && $0.sample == nil }
        let best = done.sorted { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }.prefix(FinalAssembly.mostMembers)
        let factor = FinalAssembly.moreRounds(race.folds) / max(0.1, 1 - race.folds.heldOut)
        let seconds = best.map { $0.secondsPerFold * factor }
        let shared = seconds.reduce(0, +) / Double(processes)
        return Self.margin * race.settings.limits.seconds + max(shared, seconds.max() ?? 0)
    }

    private static let margin = 0.02

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

/// Who leads, and how much time must be left for what comes after the race.
struct Standing {
    private let race: Race
    private(set) var best: Double?
    /// Those that an ensemble may be made of.
    private var completed: [Contender] = []
    /// The best of those that are through, by the primary metric.
    private var leader: (number: Int, score: Double)?
    /// The ensemble that would be made now.
    private(set) var voting: Voting?
    private var ensembleLoss = Double.infinity

    init(_ race: Race) { self.race = race }

    /// Tells the world of a contender that has ended.
    /// - Returns: whether the ensemble has become better by it.
    mutating func note(_ contender: Contender) -> Bool {
        let now = race.surroundings.seconds(), trial = TrialScoring.trial(contender)
        var isProgress = false
        var result = ExperimentEvent.TrialResult(status: .completed, seconds: now - contender.startedAt)
        switch contender.state {
        case .failed(let reason):
            result.status = Self.lacksOfTime.contains(reason) ? .canceled : .failed
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
        if contender.state == .completed, contender.sample == nil {
            completed.append(contender)
            follow(contender, result.metrics[race.scoring.metric.rawValue])
            let voting = Voting(race, completed, before: Set(members.map(\.number)))
            self.voting = voting
            forgetOthers()
            isProgress = voting.loss < ensembleLoss * (1 - Self.progress)
            ensembleLoss = min(ensembleLoss, voting.loss)
        }
        race.surroundings.tell(.trialEnded(trial, result))
        return isProgress
    }

    private mutating func follow(_ contender: Contender, _ score: Double?) {
        guard let score, !score.isNaN else { return }
        if let leader, !race.scoring.isBetter(score, than: leader.score) { return }
        leader = (contender.number, score)
    }

    /// Removes the models of those that neither win nor belong to an ensemble: large ones would take long to remove at the
    /// end.
    private mutating func forgetOthers() {
        let kept = Voting.lookedAt(completed, before: Set(members.map(\.number)))
        let numbers = Set(kept.map(\.number) + (leader.map { [$0.number] } ?? []))
        for contender in completed where !numbers.contains(contender.number) {
            for result in contender.results.values { race.folder.remove(order: result.order) }
        }
        completed = kept
    }

    /// The ensemble for good.
    var finalVoting: Voting? {
        completed.isEmpty ? nil : Voting(race, completed, before: Set(members.map(\.number)), isFinal: true)
    }

    /// Its members, the heaviest first.
    var members: [Contender] { voting?.parts.map(\.contender) ?? [] }

    /// A smaller part of the loss is no progress.
    private static let progress = 0.0005

    private mutating func keep(_ value: Double) {
        guard let best else { return best = value }
        self.best = race.scoring.metric.greaterIsBetter ? max(best, value) : min(best, value)
    }

    var isGoodEnough: Bool {
        guard let best, let wanted = race.settings.limits.exitScore else { return false }
        return race.scoring.metric.greaterIsBetter ? best >= wanted : best <= wanted
    }

    /// Seconds to keep for training the members of the ensemble again on all rows, by what their folds took.
    func reserve(processes: Int) -> Double {
        let seconds = members.map { Refit.expectedSeconds($0, race.folds) }
        let shared = seconds.reduce(0, +) / Double(processes)
        return Self.margin * race.settings.limits.seconds + max(shared, seconds.max() ?? 0)
    }

    private static let margin = 0.02

    /// Why a contender has nothing to show when the time is over.
    static let noTime = "The time was over."
    /// Reasons that are no failures of what was tried.
    static let lacksOfTime: Set = [noTime, NeuralNetwork.noTime.description]

    /// Those that were still running when the time was over.
    func closed(_ contenders: [Contender]) -> [Contender] {
        // Where none is through, the one that came furthest wins, and is told as the winner.
        let winner = completed.isEmpty ? FinalAssembly.furthest(contenders)?.number : nil
        return contenders.map { contender in
            guard contender.state == .running else { return contender }
            var closed = contender
            closed.state = contender.results.isEmpty ? .failed(Self.noTime) : .outrun
            race.surroundings.tell(
                .trialEnded(
                    TrialScoring.trial(contender),
                    .init(
                        status: contender.number == winner ? .completed : .canceled,
                        seconds: race.surroundings.seconds() - contender.startedAt,
                        metrics: race.scoring.metrics(ofFoldsOf: contender, race.folds),
                        reason: "The time was over before all its folds were done.")))
            return closed
        }
    }
}

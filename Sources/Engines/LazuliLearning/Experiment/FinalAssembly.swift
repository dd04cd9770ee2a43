import LazuliResources
import LazuliTrees

/// Joins the best of a race to one model.
struct FinalAssembly {
    /// Boosting rounds for all rows, compared with what was best on a part of them: more rows bear more rounds.
    ///
    /// Found on public tables (Documentation/AutoML.md).
    static func moreRounds(_ folds: Folds) -> Double { folds.folds.count == 1 ? 1.15 : 1.3 }
    /// Nodes of all trees; a model of so many stays below 10 MB.
    private static let mostNodes = 300_000

    private let race: Race
    private let contenders: [Contender]
    private let pool: any TrainingPool

    init(_ race: Race, _ contenders: [Contender], _ pool: any TrainingPool) {
        self.race = race
        self.contenders = contenders
        self.pool = pool
    }

    private struct Entry {
        var contender: Contender
        var predictions: [Float]
        var score: Double
    }

    /// Contenders and their weights, which add up to 1.
    private struct Choice {
        var parts: [(contender: Contender, weight: Double)]
        var trial: Int
        var name: String
        var predictions: [Float]
        var score: Double
    }

    func result() async throws(LearningFault) -> Experiment.Result {
        let entries = self.entries
        guard let single = best(of: entries) else { throw noModel }
        var choice = Choice(
            parts: [(single.contender, 1)], trial: single.contender.number,
            name: single.contender.candidate.algorithm, predictions: single.predictions, score: single.score)
        if race.settings.ensembles.votes, let vote = vote(entries), isBetter(vote.score, than: choice.score) {
            choice = vote
        }
        let members = try await members(of: choice)
        return Experiment.Result(
            model: FinalModel(members: members, target: race.preparation.target, columns: usedColumns(members)),
            preparation: race.preparation, folds: race.folds, validation: choice.predictions, bestTrial: choice.trial,
            bestName: choice.name)
    }

    private var noModel: LearningFault {
        let reasons = Set(contenders.compactMap { if case .failed(let reason) = $0.state { reason } else { nil } })
        return LearningFault(
            reasons.isEmpty
                ? "No model was finished in the time. Give the experiment more of it."
                : "No model could be trained. " + reasons.sorted().prefix(3).joined(separator: " "))
    }

    private func isBetter(_ score: Double, than other: Double) -> Bool {
        race.scoring.metric.greaterIsBetter ? score > other : score < other
    }

    // MARK: - Who may take part

    private var width: Int { race.preparation.table.task.width }

    private var entries: [Entry] {
        contenders.compactMap { contender in
            guard contender.state == .completed, contender.sample == nil,
                let predictions = contender.outOfFold(race.folds, width: width)
            else { return nil }
            let score = race.scoring.metrics(ofFoldsOf: contender, race.folds)[race.scoring.metric.rawValue]
            return Entry(contender: contender, predictions: predictions, score: score ?? .nan)
        }
    }

    private func best(of entries: [Entry]) -> Entry? {
        entries.reduce(nil) { best, entry in
            guard let best, !best.score.isNaN else { return entry }
            return isBetter(entry.score, than: best.score) ? entry : best
        } ?? unfinished
    }

    /// When time was over before any contender was through: the one that came furthest, by what it has.
    private var unfinished: Entry? {
        let begun = contenders.filter { !$0.results.isEmpty }
        guard let furthest = begun.max(by: { ($0.results.count, $1.loss ?? 0) < ($1.results.count, $0.loss ?? 0) })
        else { return nil }
        let score = race.scoring.metrics(ofFoldsOf: furthest, race.folds)[race.scoring.metric.rawValue]
        return Entry(contender: furthest, predictions: [], score: score ?? .nan)
    }

    // MARK: - Voting

    private func vote(_ entries: [Entry]) -> Choice? {
        let voting = Voting(race, entries.map(\.contender))
        guard voting.parts.count > 1 else { return nil }
        let mean = voting.predictions, metrics = race.scoring.metrics(ofAll: mean, race.folds)
        let trial = ExperimentEvent.Trial(
            number: contenders.count, algorithm: "VotingEnsemble", preprocessor: "",
            parameters: ["members": .array(voting.parts.map(Self.words))])
        race.surroundings.tell(.trialStarted(trial))
        race.surroundings.tell(.trialEnded(trial, .init(status: .completed, seconds: 0, metrics: metrics)))
        return Choice(
            parts: voting.parts.map { ($0.contender, $0.weight) }, trial: trial.number, name: trial.algorithm,
            predictions: mean, score: metrics[race.scoring.metric.rawValue] ?? .nan)
    }

    private static func words(_ part: Voting.Part) -> JSON {
        [
            "trial": JSON(part.contender.number), "algorithm": .string(part.contender.candidate.algorithm),
            "weight": .number((part.weight * 1_000).rounded() / 1_000),
        ]
    }

    // MARK: - Models

    /// Models of all rows, as far as the size of the whole allows.
    private func members(of choice: Choice) async throws(LearningFault) -> [FinalModel.Member] {
        let replies = race.surroundings.isStopped() ? [:] : await refit(choice)
        var members: [FinalModel.Member] = []
        var nodes = 0
        for (place, part) in choice.parts.enumerated() {
            let models = try models(of: part, refit: replies[Self.firstRefit + place])
            nodes += models.reduce(0) { $0 + $1.form.size }
            if nodes > Self.mostNodes, !members.isEmpty { break }
            members += models
        }
        let total = members.reduce(0) { $0 + $1.weight }
        return members.map { member in
            var scaled = member
            scaled.weight /= total
            return scaled
        }
    }

    /// The model of all rows; where that failed, the models of the folds, each with its part of the weight.
    private func models(
        of part: (contender: Contender, weight: Double), refit: TrainingReply?
    ) throws(LearningFault) -> [FinalModel.Member] {
        if let refit, refit.fault == nil {
            return [try member(part.contender, order: refit.number, weight: part.weight)]
        }
        return try foldModels(part.contender, part.weight)
    }

    private func foldModels(_ contender: Contender, _ weight: Double) throws(LearningFault) -> [FinalModel.Member] {
        var members: [FinalModel.Member] = []
        for (_, result) in contender.results.sorted(by: { $0.key < $1.key }) {
            members.append(
                try member(contender, order: result.order, weight: weight / Double(contender.results.count)))
        }
        return members
    }

    private func member(
        _ contender: Contender, order: Int, weight: Double
    ) throws(LearningFault) -> FinalModel.Member {
        let (features, form) = try folder(order)
        return FinalModel.Member(
            features: features, form: form, weight: weight, name: contender.candidate.algorithm)
    }

    private func folder(_ order: Int) throws(LearningFault) -> (FittedFeatures, ModelForm) {
        let model = try race.folder.readModel(order: order)
        return (model.features, model.form)
    }

    /// Trains again on all rows, as many at a time as there are processes.
    private func refit(_ choice: Choice) async -> [Int: TrainingReply] {
        var waiting = choice.parts.enumerated().map { place, part in
            TrainingOrder(
                number: Self.firstRefit + place, candidate: part.contender.candidate, fold: nil,
                rounds: part.contender.rounds(scaledBy: Self.moreRounds(race.folds)),
                seed: race.settings.seed &+ UInt64(part.contender.number), seconds: 0)
        }[...]
        /// Each within the time that is left when it starts.
        func next() -> TrainingOrder? {
            let left = race.deadline - race.surroundings.seconds()
            guard left > 0, var order = waiting.popFirst() else { return nil }
            order.seconds = left
            return order
        }
        var replies: [Int: TrainingReply] = [:]
        await withTaskGroup(of: TrainingReply.self) { group in
            for _ in 0..<pool.size {
                if let order = next() { group.addTask { await pool.run(order) } }
            }
            for await reply in group {
                // One that was cut short has fewer rounds than were found best.
                if race.surroundings.seconds() < race.deadline { replies[reply.number] = reply }
                if let order = next() { group.addTask { await pool.run(order) } }
            }
        }
        return replies
    }

    private static let firstRefit = 1_000_000

    private func usedColumns(_ members: [FinalModel.Member]) -> [InputColumn] {
        let used = Set(members.flatMap { $0.features.steps.map(\.column) })
        return race.preparation.columns.map { column in
            var column = column
            column.isUsed = used.contains(column.name)
            return column
        }
    }
}

extension ModelForm {
    /// Nodes of its trees, or numbers that it holds.
    var size: Int {
        switch self {
        case .trees(let trees, _): trees.nodes.count
        case .linear(let model): model.weights.count
        case .neighbours(let model): model.rows.count
        }
    }
}

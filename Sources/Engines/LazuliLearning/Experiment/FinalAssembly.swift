import LazuliResources

/// Chooses the winner of a race, a single contender, a mean of several or a stack, and makes the final model of it.
struct FinalAssembly {
    private let race: Race
    private let contenders: [Contender]
    private let voting: Voting?
    private let pool: any TrainingPool

    /// - Parameter voting: of all contenders that are through; nil where none is.
    init(_ race: Race, _ contenders: [Contender], _ voting: Voting?, _ pool: any TrainingPool) {
        self.race = race
        self.contenders = contenders
        self.voting = voting
        self.pool = pool
    }

    private struct Entry {
        var contender: Contender
        var predictions: [Float]
        var score: Double
    }

    /// What may win.
    private struct Choice {
        var parts: [Voting.Part]
        var calibration: PowerCalibration?
        var stacking: Stacking?
        var trial: Int
        var name: String
        var predictions: [Float]
        var score: Double
    }

    func result() async throws(LearningFault) -> Experiment.Result {
        let entries = self.entries
        guard let single = best(of: entries) else { throw noModel }
        var choice = Choice(
            parts: [Voting.Part(contender: single.contender, weight: 1, predictions: single.predictions)],
            trial: single.contender.number, name: single.contender.candidate.algorithm,
            predictions: single.predictions, score: single.score)
        for ensemble in voting.map({ [vote($0), stack($0)] })?.compactMap({ $0 }) ?? []
        where race.scoring.isBetter(ensemble.score, than: choice.score) {
            choice = ensemble
        }
        let model = try await model(of: choice)
        return Experiment.Result(
            model: model, preparation: race.preparation, folds: race.folds, validation: choice.predictions,
            bestTrial: choice.trial, bestName: choice.name)
    }

    /// Members that are left out, for the size of the whole, are made up for by the others.
    private func model(of choice: Choice) async throws(LearningFault) -> FinalModel {
        let groups = try await Refit(race, pool, choice.parts).members()
        let kept = groups.indices.filter { !groups[$0].isEmpty }
        let total = kept.reduce(0) { $0 + choice.parts[$1].weight }
        var members: [FinalModel.Member] = [], inputs: [[Int]] = []
        for place in kept {
            inputs.append(Array(members.count..<members.count + groups[place].count))
            for var member in groups[place] {
                member.weight = choice.parts[place].weight / total / Double(groups[place].count)
                members.append(member)
            }
        }
        return FinalModel(
            members: members,
            stack: try choice.stacking.map { (stacking) throws(LearningFault) in
                FinalModel.Stack(inputs: inputs, model: try stacking.model(of: kept))
            }, calibration: choice.calibration, target: race.preparation.target, columns: usedColumns(members))
    }

    private var noModel: LearningFault {
        let reasons = Set(contenders.compactMap { if case .failed(let reason) = $0.state { reason } else { nil } })
        return LearningFault(
            reasons.isSubset(of: Standing.lacksOfTime)
                ? "No model was finished in the time. Give the experiment more of it."
                : "No model could be trained. " + reasons.sorted().prefix(3).joined(separator: " "))
    }

    // MARK: - Who may take part

    private var table: PreparedTable { race.preparation.table }

    private var entries: [Entry] {
        contenders.compactMap { contender in
            guard contender.state == .completed, contender.sample == nil,
                let predictions = contender.outOfFold(race.folds, width: table.task.width)
            else { return nil }
            let score = race.scoring.metrics(ofFoldsOf: contender, race.folds)[race.scoring.metric.rawValue]
            return Entry(contender: contender, predictions: predictions, score: score ?? .nan)
        }
    }

    private func best(of entries: [Entry]) -> Entry? {
        entries.reduce(nil) { best, entry in
            guard let best, !best.score.isNaN else { return entry }
            return race.scoring.isBetter(entry.score, than: best.score) ? entry : best
        } ?? unfinished
    }

    /// When time was over before any contender was through: the one that came furthest, by what it has.
    private var unfinished: Entry? {
        guard let furthest = Self.furthest(contenders) else { return nil }
        let score = race.scoring.metrics(ofFoldsOf: furthest, race.folds)[race.scoring.metric.rawValue]
        return Entry(contender: furthest, predictions: [], score: score ?? .nan)
    }

    static func furthest(_ contenders: [Contender]) -> Contender? {
        contenders.filter { !$0.results.isEmpty }
            .max { ($0.results.count, $1.loss ?? 0) < ($1.results.count, $0.loss ?? 0) }
    }

    // MARK: - Ensembles

    private func vote(_ voting: Voting) -> Choice? {
        guard race.settings.ensembles.votes, voting.parts.count > 1 else { return nil }
        var predictions = voting.predictions
        let calibration = calibration(of: predictions)
        if let calibration { predictions = calibration.applied(to: predictions, width: table.task.width) }
        return ensemble("VotingEnsemble", number: contenders.count, voting, predictions, calibration: calibration)
    }

    private func stack(_ voting: Voting) -> Choice? {
        guard race.settings.ensembles.stacks, voting.parts.count > 1,
            let stacking = Stacking(race, voting.parts.map(\.predictions)),
            let predictions = try? stacking.crossPredictions()
        else { return nil }
        let number = contenders.count + (race.settings.ensembles.votes ? 1 : 0)
        return ensemble("StackEnsemble", number: number, voting, predictions, stacking: stacking)
    }

    /// Tells of an ensemble as of a trial.
    private func ensemble(
        _ name: String, number: Int, _ voting: Voting, _ predictions: [Float], calibration: PowerCalibration? = nil,
        stacking: Stacking? = nil
    ) -> Choice {
        let metrics = race.scoring.metrics(ofAll: predictions, race.folds)
        let members = JSON.array(voting.parts.map { Self.words($0, withWeight: stacking == nil) })
        let trial = ExperimentEvent.Trial(
            number: number, algorithm: name, preprocessor: "", parameters: ["members": members])
        race.surroundings.tell(.trialStarted(trial))
        race.surroundings.tell(.trialEnded(trial, .init(status: .completed, seconds: 0, metrics: metrics)))
        return Choice(
            parts: voting.parts, calibration: calibration, stacking: stacking, trial: number, name: name,
            predictions: predictions, score: metrics[race.scoring.metric.rawValue] ?? .nan)
    }

    private func calibration(of predictions: [Float]) -> PowerCalibration? {
        guard case .classification(let classes) = table.task else { return nil }
        let rows = race.folds.validated
        return PowerCalibration(
            fitting: predictions, width: classes, truth: rows.map { Int(table.targets[$0]) },
            weights: table.weights.map { all in rows.map { all[$0] } })
    }

    private static func words(_ part: Voting.Part, withWeight: Bool) -> JSON {
        .object(dropping: [
            ("trial", JSON(part.contender.number)), ("algorithm", .string(part.contender.candidate.algorithm)),
            ("weight", withWeight ? .number((part.weight * 1_000).rounded() / 1_000) : nil),
        ])
    }

    // MARK: - What the model reads

    private func usedColumns(_ members: [FinalModel.Member]) -> [InputColumn] {
        let used = Set(members.flatMap { $0.features.steps.map(\.column) })
        return race.preparation.columns.map { column in
            var column = column
            column.isUsed = used.contains(column.name)
            return column
        }
    }
}

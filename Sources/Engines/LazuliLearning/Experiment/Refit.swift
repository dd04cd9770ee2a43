import LazuliTrees

/// Makes the members of the final model: each contender learns again from all rows, twice by different seeds where there is time.
struct Refit {
    private let race: Race
    private let pool: any TrainingPool
    /// The most important one first.
    private let contenders: [Contender]

    init(_ race: Race, _ pool: any TrainingPool, _ contenders: [Contender]) {
        self.race = race
        self.pool = pool
        self.contenders = contenders
    }

    /// Boosting rounds for all rows, compared with what was best on a part of them: more rows bear more rounds.
    ///
    /// Found on public tables (Documentation/AutoML.md).
    private static func moreRounds(_ folds: Folds) -> Double { folds.folds.count == 1 ? 1.15 : 1.3 }
    /// Nodes of all trees; a model of so many stays below 10 MB.
    private static let mostNodes = 270_000
    /// Names the orders, far from those of the race.
    private static let firstOrder = 1_000_000

    /// Whether the model of a candidate is the mean of its folds' models. A network that learns again has no rows to tell
    /// it when to stop.
    private static func keepsFolds(_ candidate: Candidate) -> Bool {
        Algorithm(named: candidate.algorithm) == .neuralNetwork
    }

    /// Whether its trees each give their share of a mean.
    private static func isForest(_ candidate: Candidate) -> Bool {
        [.randomForest, .extremeRandomTrees].contains(Algorithm(named: candidate.algorithm))
    }

    /// Seconds that learning from all rows takes, by what the folds took.
    static func expectedSeconds(_ contender: Contender, _ folds: Folds) -> Double {
        if keepsFolds(contender.candidate) { return 0 }
        return contender.secondsPerFold * moreRounds(folds) / max(0.1, 1 - folds.heldOut)
    }

    // MARK: - Members

    /// Per contender its members, which count alike; none for one that would make the whole too large.
    func members() async throws(LearningFault) -> [[FinalModel.Member]] {
        let done = race.surroundings.isStopped() ? [] : await trained()
        var members: [[FinalModel.Member]] = [], nodes = 0
        for (place, contender) in contenders.enumerated() {
            var own: [FinalModel.Member] = []
            for seed in 0..<Self.seeds where done.contains(order(place, seed: seed)) {
                let member = try member(contender, order: order(place, seed: seed))
                if own.isEmpty || nodes + own[0].form.size + member.form.size <= Self.mostNodes { own.append(member) }
            }
            if own.isEmpty { own = try foldMembers(contender, room: Self.mostNodes - nodes) }
            if nodes > 0, nodes + Self.size(own) > Self.mostNodes { own = [] }
            nodes += Self.size(own)
            members.append(own)
        }
        return members
    }

    /// The models of its folds, as many as there is room for, at least one.
    private func foldMembers(_ contender: Contender, room: Int) throws(LearningFault) -> [FinalModel.Member] {
        var members: [FinalModel.Member] = []
        for (_, result) in contender.results.sorted(by: { $0.key < $1.key }) {
            let member = try member(contender, order: result.order)
            if members.isEmpty || Self.size(members) + member.form.size <= room { members.append(member) }
        }
        return members
    }

    private static func size(_ members: [FinalModel.Member]) -> Int { members.reduce(0) { $0 + $1.form.size } }

    private func member(_ contender: Contender, order: Int) throws(LearningFault) -> FinalModel.Member {
        var (features, form) = try race.folder.readModel(order: order)
        if Self.isForest(contender.candidate) { form = form.thinned(to: Self.mostNodes) }
        return FinalModel.Member(features: features, form: form, weight: 1, name: contender.candidate.algorithm)
    }

    // MARK: - Training

    private static let seeds = 2

    private func order(_ place: Int, seed: Int) -> Int { Self.firstOrder + seed * contenders.count + place }

    /// Trains again on all rows, as many at a time as there are processes.
    /// - Returns: the orders that left a model.
    private func trained() async -> Set<Int> {
        var waiting = orders[...]
        var done: Set<Int> = []
        await withTaskGroup(of: TrainingReply.self) { group in
            for _ in 0..<pool.size {
                if let order = takeNext(&waiting) { group.addTask { await pool.run(order) } }
            }
            for await reply in group {
                // One that was cut short has fewer rounds than were found best.
                if reply.fault == nil, race.surroundings.seconds() < race.deadline { done.insert(reply.number) }
                if let order = takeNext(&waiting) { group.addTask { await pool.run(order) } }
            }
        }
        return done
    }

    /// Each contender once; then once more those whose second model differs.
    private var orders: [TrainingOrder] {
        (0..<Self.seeds).flatMap { seed in
            contenders.enumerated().compactMap { place, contender in
                let candidate = contender.candidate
                guard !Self.keepsFolds(candidate), seed == 0 || Mutation.applies(to: candidate) else { return nil }
                return TrainingOrder(
                    number: order(place, seed: seed), candidate: candidate, fold: nil,
                    rounds: rounds(of: contender),
                    seed: race.settings.seed &+ UInt64(contender.number + 1_000 * seed), seconds: 0)
            }
        }
    }

    /// What was best on the folds, and more; but not so many that the model is larger than the whole may be.
    private func rounds(of contender: Contender) -> Int {
        let wanted = contender.rounds(scaledBy: Self.moreRounds(race.folds))
        guard let fold = contender.results.values.first, fold.rounds > 1,
            let size = try? race.folder.readModel(order: fold.order).form.size
        else { return wanted }
        return min(wanted, Self.mostNodes * fold.rounds / max(1, size))
    }

    /// The next order, with the time that is left; a second model only if it will be done in it.
    private func takeNext(_ waiting: inout ArraySlice<TrainingOrder>) -> TrainingOrder? {
        let left = race.deadline - race.surroundings.seconds()
        guard left > 0 else { return nil }
        while var order = waiting.popFirst() {
            let place = (order.number - Self.firstOrder) % contenders.count
            let isSecond = order.number - Self.firstOrder >= contenders.count
            if isSecond, Self.expectedSeconds(contenders[place], race.folds) * 1.2 > left { continue }
            order.seconds = left
            return order
        }
        return nil
    }
}

extension ModelForm {
    /// Nodes of its trees, or numbers that it holds.
    fileprivate var size: Int {
        switch self {
        case .trees(let trees, _): trees.nodes.count
        case .linear(let model): model.weights.count
        // Four bytes a number, where a node of a tree has some thirty.
        case .layered(let model): model.size / 8
        case .neighbours(let model): model.rows.count / 8
        }
    }

    /// A forest's first trees, as many as there may be nodes: their mean is nearly that of all.
    fileprivate func thinned(to mostNodes: Int) -> ModelForm {
        guard case .trees(var trees, let link) = self, trees.nodes.count > mostNodes else { return self }
        let kept = max(1, trees.trees.count * mostNodes / trees.nodes.count)
        let factor = Double(trees.trees.count) / Double(kept)
        trees.keepFirst(kept)
        trees.leaves = trees.leaves.map { $0 * factor }
        return .trees(trees, link)
    }
}

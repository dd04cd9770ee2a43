import LazuliTrees

/// Makes the members of the final model: each contender learns again from all rows, twice by different seeds where there is time.
struct Refit {
    private let race: Race
    private let pool: any TrainingPool
    /// The heaviest first.
    private let parts: [Voting.Part]

    init(_ race: Race, _ pool: any TrainingPool, _ parts: [Voting.Part]) {
        self.race = race
        self.pool = pool
        self.parts = parts
    }

    /// Boosting rounds for all rows, compared with what was best on a part of them: more rows bear more rounds.
    ///
    /// Found on public tables (Documentation/AutoML.md).
    private static func moreRounds(_ folds: Folds) -> Double { folds.folds.count == 1 ? 1.15 : 1.3 }
    /// Of the exported model, a little less than the ten million that it may have.
    private static let mostBytes = 9_000_000
    /// Names the orders, far from those of the race.
    private static let firstOrder = 1_000_000

    /// Seconds that learning from all rows takes, by what the folds took.
    static func expectedSeconds(_ contender: Contender, _ folds: Folds) -> Double {
        if contender.candidate.keepsFolds { return 0 }
        return contender.secondsPerFold * moreRounds(folds) / max(0.1, 1 - folds.heldOut)
    }

    // MARK: - Members

    /// Per contender its members, which count alike; none for one that would make the whole too large.
    func members() async throws(LearningFault) -> [[FinalModel.Member]] {
        let done = race.surroundings.isStopped() ? [] : await trained()
        var members = parts.map { _ in [FinalModel.Member]() }, taken = 0
        for place in othersFirst {
            let order = order(place, seed: 0), room = room(place, taken: taken)
            var own =
                done.contains(order)
                ? [try member(place, order: order, room: room)] : try foldMembers(place, room: room)
            if taken > 0, Self.size(own) > room { own = [] }
            taken += Self.size(own)
            members[place] = own
        }
        // Other models are worth more than second ones of the same kind.
        for place in parts.indices where done.contains(order(place, seed: 1)) {
            let second = try member(place, order: order(place, seed: 1), room: Self.mostBytes)
            guard members[place].count == 1, taken + second.form.bytes <= Self.mostBytes else { continue }
            taken += second.form.bytes
            members[place].append(second)
        }
        return members
    }

    /// The models of its folds, as many as there is room for, at least one.
    private func foldMembers(_ place: Int, room: Int) throws(LearningFault) -> [FinalModel.Member] {
        let results = parts[place].contender.results
        var members: [FinalModel.Member] = []
        for (_, result) in results.sorted(by: { $0.key < $1.key }) {
            let member = try member(place, order: result.order, room: room / results.count)
            if members.isEmpty || Self.size(members) + member.form.bytes <= room { members.append(member) }
        }
        return members
    }

    private static func size(_ members: [FinalModel.Member]) -> Int { members.reduce(0) { $0 + $1.form.bytes } }

    private func member(_ place: Int, order: Int, room: Int) throws(LearningFault) -> FinalModel.Member {
        var (features, form) = try race.folder.readModel(order: order)
        if isForest(place) { form = form.thinned(to: room) }
        return FinalModel.Member(
            features: features, form: form, weight: 1, name: parts[place].contender.candidate.algorithm)
    }

    // MARK: - Room

    private func isForest(_ place: Int) -> Bool { parts[place].contender.candidate.isForest }

    /// Forests come last: they may be cut to any size.
    private var othersFirst: [Int] { parts.indices.filter { !isForest($0) } + parts.indices.filter(isForest) }

    /// Bytes that a part may have of those that are not taken: forests share by their weights what the others leave, and
    /// those leave them by their weights also, but always enough to be of use.
    private func room(_ place: Int, taken: Int) -> Int {
        let forests = othersFirst.filter(isForest)
        guard isForest(place) else {
            let weight = forests.reduce(0) { $0 + parts[$1].weight }
            let kept = forests.isEmpty ? 0 : max(weight, Self.leastShare)
            return Int((1 - kept) * Double(Self.mostBytes)) - taken
        }
        let left = forests.drop { $0 != place }.reduce(0) { $0 + parts[$1].weight }
        return Int(Double(Self.mostBytes - taken) * parts[place].weight / left)
    }

    private static let leastShare = 0.2

    // MARK: - Training

    private static let seeds = 2

    private func order(_ place: Int, seed: Int) -> Int { Self.firstOrder + seed * parts.count + place }

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
                if reply.fault == nil, race.surroundings.seconds() < race.deadline || isUsable(reply.number) {
                    done.insert(reply.number)
                }
                if let order = takeNext(&waiting) { group.addTask { await pool.run(order) } }
            }
        }
        return done
    }

    /// Whether a model that was cut short is one: a booster has fewer rounds than were found best, but the mean of some
    /// trees is nearly that of all.
    private func isUsable(_ order: Int) -> Bool {
        guard isForest((order - Self.firstOrder) % parts.count),
            case .trees(let trees, _)? = try? race.folder.readModel(order: order).form
        else { return false }
        return trees.trees.count >= Self.leastTrees
    }

    private static let leastTrees = 25

    /// Each contender once; then once more those whose second model differs.
    private var orders: [TrainingOrder] {
        let rounds = parts.map(self.rounds)
        return (0..<Self.seeds).flatMap { seed in
            parts.enumerated().compactMap { place, part in
                let contender = part.contender, candidate = contender.candidate
                guard !candidate.keepsFolds, seed == 0 || candidate.isBooster else { return nil }
                return TrainingOrder(
                    number: order(place, seed: seed), candidate: candidate, fold: nil,
                    rounds: rounds[place],
                    seed: race.settings.seed &+ UInt64(contender.number + 1_000 * seed), seconds: 0)
            }
        }
    }

    /// What was best on the folds, and more; but not so many that nothing else would fit beside.
    private func rounds(of part: Voting.Part) -> Int {
        let wanted = part.contender.rounds(scaledBy: Self.moreRounds(race.folds))
        guard let fold = part.contender.results.values.first, fold.rounds > 1,
            let size = try? race.folder.readModel(order: fold.order).form.bytes
        else { return wanted }
        let most = parts.count > 1 ? Int(max(part.weight, 0.5) * Double(Self.mostBytes)) : Self.mostBytes
        return min(wanted, most * fold.rounds / max(1, size))
    }

    /// The next order, with the time that is left; a second model only if it will be done in it.
    private func takeNext(_ waiting: inout ArraySlice<TrainingOrder>) -> TrainingOrder? {
        let left = race.deadline - race.surroundings.seconds()
        guard left > 0 else { return nil }
        while var order = waiting.popFirst() {
            let place = (order.number - Self.firstOrder) % parts.count
            let isSecond = order.number - Self.firstOrder >= parts.count
            if isSecond, Self.expectedSeconds(parts[place].contender, race.folds) * 1.2 > left { continue }
            order.seconds = left
            return order
        }
        return nil
    }
}

extension ModelForm {
    /// What it takes as a part of a graph, about.
    fileprivate var bytes: Int {
        switch self {
        // Leaves write down only what is not 0.
        case .trees(let trees, _): 18 * trees.nodes.count + 12 * trees.leaves.count { $0 != 0 }
        case .linear(let model): 8 * model.weights.count
        case .layered(let model): 4 * model.size
        case .neighbours(let model): 4 * model.rows.count
        }
    }

    /// A forest's first trees, as many as there may be bytes: their mean is nearly that of all.
    fileprivate func thinned(to mostBytes: Int) -> ModelForm {
        guard case .trees(var trees, let link) = self, bytes > mostBytes else { return self }
        let kept = max(1, trees.trees.count * mostBytes / bytes)
        let factor = Double(trees.trees.count) / Double(kept)
        trees.keepFirst(kept)
        trees.leaves = trees.leaves.map { $0 * factor }
        return .trees(trees, link)
    }
}

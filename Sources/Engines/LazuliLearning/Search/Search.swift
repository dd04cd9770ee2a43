import LazuliResources

/// Decides what is trained next: the portfolio in its order, dropping what is clearly behind after its first fold, then
/// variations of what did best. A pure state machine: time comes in, orders come out.
package struct Search: Sendable {
    package struct Limits: Sendable {
        /// When training must have ended, in seconds since the start.
        package var deadline: Double
        package var trialSeconds: Double?
        /// Candidates to try at most.
        package var trials: Int?
        /// Stop once this many candidates in a row brought nothing.
        package var patience: Int?

        package init(deadline: Double, trialSeconds: Double? = nil, trials: Int? = nil, patience: Int? = nil) {
            self.deadline = deadline
            self.trialSeconds = trialSeconds
            self.trials = trials
            self.patience = patience
        }
    }

    package private(set) var contenders: [Contender] = []
    package var limits: Limits
    private var waiting: [Candidate]
    private let foldCount: Int
    private let seed: UInt64
    /// Rows of a first, quick model of a large table.
    private let firstSample: Int?
    private var mutation: Mutation
    private var orders: [Int: (contender: Int, fold: Int)] = [:]
    private var nextOrder = 0
    private var sinceProgress = 0
    private var members: [Int] = []

    package init(
        portfolio: [Candidate], folds: Int, firstSample: Int? = nil, limits: Limits, seed: UInt64
    ) {
        waiting = portfolio
        foldCount = folds
        self.firstSample = firstSample
        self.limits = limits
        self.seed = seed
        mutation = Mutation(seed: seed)
    }

    // MARK: - What is next

    /// - Parameter reserve: seconds that must be left at the end for what comes after the search.
    /// - Returns: nil when there is nothing to start now.
    package mutating func next(now: Double, reserve: Double) -> TrainingOrder? {
        let left = limits.deadline - reserve - now
        guard left > 0 else { return nil }
        if let place = contenders.indices.first(where: { isToGoOn(contenders[$0]) }) {
            return order(contender: place, now: now, left: left)
        }
        guard !isExhausted, contenders.count(where: { $0.state == .running }) < Self.mostRunning,
            let candidate = takeCandidate(left: left)
        else { return nil }
        let isSample = contenders.isEmpty && firstSample != nil
        contenders.append(
            Contender(
                number: contenders.count, candidate: candidate, sample: isSample ? firstSample : nil, startedAt: now))
        if isSample { waiting.insert(candidate, at: 0) }
        return order(contender: contenders.count - 1, now: now, left: left)
    }

    /// Whether nothing more will be started, whatever comes back.
    package var isExhausted: Bool {
        if let most = limits.trials, contenders.count >= most { return true }
        if let patience = limits.patience, contenders.count >= Self.leastTrials, sinceProgress >= patience {
            return true
        }
        return false
    }

    package var isIdle: Bool { orders.isEmpty }

    /// Learning from all rows, compared with one fold.
    private static let learningAgain = 1.5
    /// Candidates whose folds are under way at the same time.
    private static let mostRunning = 3
    /// Source: Azure's early termination looks back after 20 models.
    private static let leastTrials = 20

    /// More folds of a candidate start once its first one has shown that it can compete; of the first two, at once.
    private func isToGoOn(_ contender: Contender) -> Bool {
        guard contender.state == .running, contender.sample == nil, contender.started.count < foldCount else {
            return false
        }
        return contender.number < 2 || !contender.results.isEmpty
    }

    private mutating func order(contender place: Int, now: Double, left: Double) -> TrainingOrder? {
        guard let fold = (0..<foldCount).first(where: { !contenders[place].started.contains($0) }) else { return nil }
        contenders[place].started.insert(fold)
        let number = nextOrder
        nextOrder += 1
        orders[number] = (place, fold)
        var seconds = left
        if let most = limits.trialSeconds { seconds = min(seconds, most / Double(foldCount)) }
        return TrainingOrder(
            number: number, candidate: contenders[place].candidate, fold: fold, sample: contenders[place].sample,
            seed: seed &+ UInt64(place), seconds: seconds)
    }

    /// The next of the portfolio that can be done in time, or a variation of the best.
    private mutating func takeCandidate(left: Double) -> Candidate? {
        while !waiting.isEmpty {
            let candidate = waiting.removeFirst()
            if expectedSeconds(candidate) < left { return candidate }
        }
        guard let parent = mutation.parent(among: parents()), parent.secondsPerFold * Double(foldCount) < left * 2
        else {
            return nil
        }
        return mutation.variation(of: parent.candidate, besides: contenders.map(\.candidate))
    }

    /// Whose variations may be tried: those whom the ensemble consists of, the heaviest first, or those that did best.
    private mutating func parents() -> [Contender] {
        let able = contenders.filter { $0.state == .completed && Mutation.applies(to: $0.candidate) }
        let inside = members.compactMap { number in able.first { $0.number == number } }
        guard inside.isEmpty || !mutation.asksForMember() else { return inside }
        return able.sorted { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
    }

    /// Seconds for all folds, two at a time, and for learning again from all rows.
    private func expectedSeconds(_ candidate: Candidate) -> Double {
        let alike = contenders.filter {
            $0.candidate.algorithm == candidate.algorithm && !$0.results.isEmpty && $0.sample == nil
        }
        let measured = alike.map { contender in
            guard let likely = candidate.likelySeconds, let other = contender.candidate.likelySeconds, other > 0 else {
                return contender.secondsPerFold
            }
            return contender.secondsPerFold * likely / other
        }
        let perFold = measured.min() ?? candidate.likelySeconds ?? 0
        let again = candidate.keepsFolds ? 0 : Self.learningAgain
        return perFold * (Double(foldCount) / 2 + again)
    }

    // MARK: - What came back

    /// The fold of an order that is under way.
    package func fold(of order: Int) -> Int? { orders[order]?.fold }

    /// - Returns: the contender that this reply ended, if it ended one.
    package mutating func note(
        _ reply: TrainingReply, loss: Double?, predictions: [Float]
    ) -> Contender? {
        guard let (place, fold) = orders.removeValue(forKey: reply.number) else { return nil }
        guard contenders[place].state == .running else { return nil }
        guard let loss, reply.fault == nil, loss.isFinite else {
            return end(place, .failed(reply.fault ?? "The model's predictions are not numbers."))
        }
        contenders[place].results[fold] = Contender.FoldResult(
            order: reply.number, loss: loss, rounds: reply.rounds, seconds: reply.seconds, predictions: predictions)
        if contenders[place].sample != nil { return end(place, .outrun) }
        if contenders[place].results.count == foldCount { return end(place, .completed) }
        return isBehind(contenders[place]) ? end(place, .outrun) : nil
    }

    private mutating func end(_ place: Int, _ state: Contender.State) -> Contender {
        contenders[place].state = state
        sinceProgress += 1
        return contenders[place]
    }

    /// - Parameters:
    ///   - members: the numbers of the contenders of whom an ensemble would be made now, the heaviest first.
    ///   - isProgress: whether the candidate that ended last made it better.
    package mutating func note(members: [Int], isProgress: Bool) {
        self.members = members
        if isProgress { sinceProgress = 0 }
    }

    /// A booster whose loss is so much above the best one's adds nothing to an ensemble; other kinds of models may.
    private static let behind = 1.5

    private func isBehind(_ contender: Contender) -> Bool {
        guard contender.number >= 2, contender.candidate.isBooster else { return false }
        let folds = contender.results
        let best = contenders.filter { $0.state == .completed }
            .compactMap { other -> Double? in
                let shared = folds.keys.compactMap { other.results[$0]?.loss }
                return shared.count == folds.count ? shared.reduce(0, +) : nil
            }.min()
        guard let best else { return false }
        return folds.values.reduce(0) { $0 + $1.loss } > best * Self.behind
    }
}

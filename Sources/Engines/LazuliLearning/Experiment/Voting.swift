/// The contenders whose weighted mean predicts best, of those whose folds are all done.
struct Voting {
    struct Part {
        let contender: Contender
        /// All weights add up to 1.
        var weight: Double
        /// For the rows of `Folds.validated`, row after row.
        let predictions: [Float]
    }

    /// Heaviest first; a single one where no mean is better.
    let parts: [Part]
    /// Log loss or mean squared error of the mean.
    let loss: Double

    /// Models that are added, the same ones again among them.
    private static let rounds = 30
    private static let halves = 12
    /// A smaller weight is not worth a model.
    private static let leastWeight = 0.02
    private static let mostMembers = 8
    /// The best so many are looked at, the best of each algorithm, and who was chosen before: what differs adds more than
    /// what is best.
    private static let mostLookedAt = 12
    private static let mostOfEach = 2
    /// Of models that are large, no more than so many even of the best.
    private static let mostLarge = 3

    /// - Parameters:
    ///   - before: the numbers of those who were chosen of fewer contenders.
    ///   - isFinal: whether the weights are for good, and worth more time.
    init(_ race: Race, _ completed: [Contender], before: Set<Int>, isFinal: Bool = false) {
        let table = race.preparation.table, rows = race.folds.validated
        let looked = Self.lookedAt(completed, before: before).compactMap { contender in
            contender.outOfFold(race.folds, width: table.task.width).map {
                Part(contender: contender, weight: 0, predictions: $0)
            }
        }
        let selection = EnsembleSelection(
            looked.map(\.predictions), targets: rows.map { table.targets[$0] },
            weights: table.weights.map { all in rows.map { all[$0] } }, task: table.task,
            kinds: looked.map { $0.contender.candidate.isLarge ? $0.contender.candidate.algorithm : nil })
        let chosen =
            isFinal
            ? selection.chosenOnHalves(Self.halves, rounds: Self.rounds, seed: race.settings.seed)
            : selection.chosen(rounds: Self.rounds)
        loss = chosen.loss
        let weighted = zip(looked, chosen.weights).filter { $0.1 >= Self.leastWeight }.sorted { $0.1 > $1.1 }.prefix(
            Self.mostMembers)
        let total = weighted.reduce(0) { $0 + $1.1 }
        parts = weighted.map { part, weight in
            var part = part
            part.weight = weight / total
            return part
        }
    }

    /// The best first. Who is not among them will not be when there are more contenders.
    static func lookedAt(_ completed: [Contender], before: Set<Int>) -> [Contender] {
        let sorted = completed.sorted { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
        var counts: [String: Int] = [:]
        return sorted.enumerated().filter { place, contender in
            let count = counts[contender.candidate.algorithm, default: 0] + 1
            counts[contender.candidate.algorithm] = count
            return count <= mostOfEach || before.contains(contender.number)
                || place < mostLookedAt && (count <= mostLarge || !contender.candidate.isLarge)
        }.map(\.element)
    }

    /// What the weighted mean predicts.
    var predictions: [Float] {
        guard let first = parts.first else { return [] }
        var mean = Array(repeating: Float(0), count: first.predictions.count)
        for part in parts {
            let weight = Float(part.weight)
            for place in mean.indices { mean[place] += weight * part.predictions[place] }
        }
        return mean
    }
}

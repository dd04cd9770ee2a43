/// How large the steps of boosters are: small ones where the time allows them, larger ones where it would not do for a few
/// models otherwise.
struct BoostingPace: Sendable {
    let learningRate: Double
    /// Whether one booster takes a large part of all time.
    let isSlow: Bool
    /// What a booster is thought to take for one fold.
    let foldSeconds: Double

    /// - Parameters:
    ///   - columns: of the table.
    ///   - processorSeconds: of the whole experiment.
    init(task: LearningTask, rows: Int, columns: Int, folds: Int, processorSeconds: Double) {
        let usual = Self.usualRate(task, rows)
        let perRound = Self.secondsPerRound(task, rows, columns)
        let passes = (folds == 1 ? 0.9 : Double(folds - 1)) + 1.3
        let cost = Self.rounds(at: usual, task) * perRound * passes
        let (most, worth) = (Self.mostShare * processorSeconds, Self.worthShare * processorSeconds)
        learningRate =
            cost > most
            ? min(Self.largestRate, usual * cost / most)
            : max(usual / 2, min(usual, usual * cost / worth))
        isSlow = cost > 2 * most
        let ofAll = folds == 1 ? 0.9 : 1 - 1 / Double(folds)
        foldSeconds = Self.rounds(at: learningRate, task) * perRound * ofAll
    }

    /// Rounds without progress before a booster stops.
    var patience: Int { min(60, max(20, Int(3 / learningRate))) }

    // Found on public tables (Documentation/AutoML.md), as are the numbers below.

    private static func usualRate(_ task: LearningTask, _ rows: Int) -> Double {
        switch task {
        case .classification(let classes) where classes > 6: 0.15
        case .classification(let classes) where classes > 2: 0.08
        default: rows < 4_000 ? 0.05 : rows < 20_000 ? 0.08 : 0.1
        }
    }

    private static let largestRate = 0.25
    /// Parts of all processor time: what one booster may take, and below which smaller steps are worth theirs.
    private static let (mostShare, worthShare) = (0.12, 0.03)

    private static func rounds(at rate: Double, _ task: LearningTask) -> Double { (task.width > 2 ? 30 : 18) / rate }

    /// Processor seconds of a round over all rows.
    private static func secondsPerRound(_ task: LearningTask, _ rows: Int, _ columns: Int) -> Double {
        let bins = Double(min(task.bins, rows))
        let perTree = 0.3e-3 + (3.5e-9 * Double(rows) + 0.1e-6 * bins) * Double(columns + 5)
        return perTree * Double(task.width > 2 ? task.width : 1)
    }
}

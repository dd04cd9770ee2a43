/// How the processors are shared: trials side by side where the table is small, threads within a trial where it is large, for
/// each trial holds the table's features.
package struct Parallelism: Sendable, Equatable {
    /// Trials that are trained at the same time.
    package let trials: Int
    /// Threads that each of them may take.
    package let threads: Int

    /// Cells of the table, for each trial's features, that may be held in all.
    private static let mostCells = 60_000_000
    /// With fewer cells, threads wait for each other longer than they work.
    private static let leastCellsToShare = 1_000_000

    /// - Parameters:
    ///   - trials: at most; nil for as many as there are processors.
    ///   - threads: for each at most; nil for as many as there is use for.
    ///   - cells: of the table.
    package init(processors: Int, trials mostTrials: Int?, threads mostThreads: Int? = nil, cells: Int) {
        let wanted = max(1, min(mostTrials ?? processors, processors))
        trials = max(1, min(wanted, Self.mostCells / max(1, cells)))
        let left = cells < Self.leastCellsToShare ? 1 : max(1, processors / trials)
        threads = max(1, min(mostThreads ?? left, left))
    }
}

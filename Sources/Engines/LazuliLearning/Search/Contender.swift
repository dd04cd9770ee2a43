/// A candidate in the race: what its folds gave so far.
package struct Contender: Sendable {
    package enum State: Sendable, Equatable {
        case running
        case completed
        /// Given up after its first folds: others were clearly better.
        case outrun
        case failed(String)
    }

    /// What came of one fold.
    package struct FoldResult: Sendable {
        package var order: Int
        package var loss: Double
        package var rounds: Int
        package var seconds: Double
        /// Of the fold's validation rows, row after row.
        package var predictions: [Float]
    }

    package let number: Int
    package let candidate: Candidate
    package var state = State.running
    package var results: [Int: FoldResult] = [:]
    /// Folds that were given to a training process.
    package var started: Set<Int> = []
    /// Whether it learned from a sample only.
    package var sample: Int?
    package let startedAt: Double

    init(number: Int, candidate: Candidate, sample: Int? = nil, startedAt: Double) {
        self.number = number
        self.candidate = candidate
        self.sample = sample
        self.startedAt = startedAt
    }

    /// The mean loss of the folds that are done; nil before the first.
    package var loss: Double? {
        results.isEmpty ? nil : results.values.reduce(0) { $0 + $1.loss } / Double(results.count)
    }

    /// Seconds that a fold takes on average.
    var secondsPerFold: Double {
        results.isEmpty ? 0 : results.values.reduce(0) { $0 + $1.seconds } / Double(results.count)
    }

    /// Rounds for a model of all rows: the folds' mean, more for the rows that it has more.
    func rounds(scaledBy factor: Double) -> Int {
        guard !results.isEmpty else { return 1 }
        let mean = Double(results.values.reduce(0) { $0 + $1.rounds }) / Double(results.count)
        return max(1, Int((mean * factor).rounded()))
    }

    /// The predictions of all validation rows, in the order of `Folds.validated`; nil unless every fold is done.
    func outOfFold(_ folds: Folds, width: Int) -> [Float]? {
        guard results.count == folds.folds.count else { return nil }
        if folds.folds.count == 1 { return results[0]?.predictions }
        let last = folds.folds.compactMap(\.validation.last).max() ?? -1
        var all = Array(repeating: Float.nan, count: (last + 1) * width)
        for (number, fold) in folds.folds.enumerated() {
            guard let result = results[number] else { return nil }
            for (place, row) in fold.validation.enumerated() {
                for output in 0..<width { all[row * width + output] = result.predictions[place * width + output] }
            }
        }
        guard folds.validated.count < last + 1 else { return all }
        return folds.validated.flatMap { row in all[row * width..<(row + 1) * width] }
    }
}

import LazuliLearning
import LazuliResources

/// What is known of an experiment from its events so far.
struct ExperimentChronicle: Sendable, Equatable {
    struct Best: Sendable, Equatable {
        var trial: ExperimentEvent.Trial
        var score: Double
        var metrics: [String: Double]
        /// How many trials had ended when it was found.
        var step: Int
    }

    private(set) var preparation: ExperimentEvent.Preparation?
    private(set) var best: Best?
    private(set) var endedTrials = 0
    /// From 0 to 1.
    private(set) var share = 0.0
    private(set) var ending: ExperimentEvent.Ending?
    private var asked: String?

    init(metric: String?) { asked = metric }

    /// The primary metric as it is logged; nil until it is known.
    var metric: String? { preparation?.metric ?? asked }

    mutating func take(_ event: ExperimentEvent) {
        switch event {
        case .prepared(let preparation): self.preparation = preparation
        case .trialStarted: break
        case .trialEnded(let trial, let result):
            endedTrials += 1
            consider(trial, result)
        case .progress(let share, _): self.share = min(max(share, self.share), 1)
        case .ended(let ending):
            self.ending = ending
            share = 1
        }
    }

    private mutating func consider(_ trial: ExperimentEvent.Trial, _ result: ExperimentEvent.TrialResult) {
        guard result.status == .completed, let metric, let score = result.metrics[metric] else { return }
        if let best, !(isGreaterBetter ? score > best.score : score < best.score) { return }
        best = Best(trial: trial, score: score, metrics: result.metrics, step: endedTrials)
    }

    var isGreaterBetter: Bool { preparation?.isGreaterBetter ?? true }

    // MARK: - In words

    /// For instance `42 % done, 7 trials, best AUC_weighted 0.9471 (LightGBM, trial 5).`
    var progress: String {
        let done = "\(Int((share * 100).rounded(.down))) % done, \(Self.count(endedTrials, "trial"))"
        return (bestWords.map { "\(done), best \($0)." }) ?? "\(done) so far."
    }

    /// How it ended.
    var summary: String {
        let reason = ending?.reason ?? ""
        guard let bestWords else { return reason }
        return "Best of \(Self.count(endedTrials, "trial")): \(bestWords). \(reason)"
            .trimmingSuffix(while: \.isWhitespace)
    }

    private var bestWords: String? {
        guard let best, let metric else { return nil }
        return "\(metric) \(Self.rounded(best.score)) (\(TrialNames.display(best.trial)), trial \(best.trial.number))"
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    /// Four places after the point, which is what two models of one table differ in.
    static func rounded(_ value: Double) -> String {
        JSON.number((value * 10_000).rounded() / 10_000).text
    }
}

extension String {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isDropped(last) { text.removeLast() }
        return text
    }
}

import Foundation
import LazuliLearning

/// What an experiment tells, for people.
struct ExperimentWords: Sendable {
    private let preparation = Lock<ExperimentEvent.Preparation?>(nil)

    /// - Returns: nil for what is of no interest in a log.
    func line(_ event: ExperimentEvent) -> String? {
        switch event {
        case .prepared(let facts):
            preparation.with { $0 = facts }
            return prepared(facts)
        case .trialStarted, .progress: return nil
        case .trialEnded(let trial, let result): return ended(trial, result)
        case .ended(let ending): return ending.isFailure ? nil : ending.reason
        }
    }

    private func prepared(_ facts: ExperimentEvent.Preparation) -> String {
        var lines = [
            "\(facts.rows) rows, \(facts.features) of \(facts.columns) columns used; \(facts.metric), \(facts.validation)."
        ]
        lines += facts.guardrails.filter { $0.status != .passed }.map { "\($0.name): \($0.sentence)" }
        lines += facts.unavailable.sorted { $0.key < $1.key }.map { "\($0.key) is not available: \($0.value)" }
        lines.append(Self.row("trial", "score", "seconds", "model"))
        return lines.joined(separator: "\n")
    }

    private func ended(_ trial: ExperimentEvent.Trial, _ result: ExperimentEvent.TrialResult) -> String {
        let metric = preparation.with { $0?.metric } ?? ""
        let score = result.metrics[metric].map { String(format: "%.5f", $0) } ?? "-"
        let name = [trial.preprocessor, trial.algorithm].filter { !$0.isEmpty }.joined(separator: ", ")
        let note = result.reason.isEmpty ? "" : "  (\(result.reason))"
        return Self.row("\(trial.number)", score, String(format: "%.1f", result.seconds), name) + note
    }

    private static func row(_ number: String, _ score: String, _ seconds: String, _ name: String) -> String {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        return "\(right(number, 5))  \(right(score, 10))  \(right(seconds, 7))  \(name)"
    }
}

import LazuliLearning
import LazuliResources

/// All trials that have ended, best first.
final class Leaderboard: Sendable {
    private struct Row {
        let trial: ExperimentEvent.Trial
        let result: ExperimentEvent.TrialResult
    }

    private struct State {
        var rows: [Row] = []
        var metric = ""
        var isGreaterBetter = true
    }

    private let state = Lock(State())

    func note(_ event: ExperimentEvent) {
        state.with { state in
            switch event {
            case .prepared(let preparation):
                state.metric = preparation.metric
                state.isGreaterBetter = preparation.isGreaterBetter
            case .trialEnded(let trial, let result): state.rows.append(Row(trial: trial, result: result))
            case .trialStarted, .progress, .ended: break
            }
        }
    }

    func scores(of trial: Int) -> JSON {
        state.with { state in state.rows.last { $0.trial.number == trial }.map { Self.json($0.result.metrics) } ?? .null
        }
    }

    var json: JSON {
        state.with { state in
            let worst = state.isGreaterBetter ? -Double.infinity : Double.infinity
            func score(_ row: Row) -> Double { row.result.metrics[state.metric] ?? worst }
            let sorted = state.rows.sorted {
                state.isGreaterBetter ? score($0) > score($1) : score($0) < score($1)
            }
            return .array(sorted.map(Self.json))
        }
    }

    private static func json(_ row: Row) -> JSON {
        [
            "trial": JSON(row.trial.number), "algorithm": .string(row.trial.algorithm),
            "preprocessor": .string(row.trial.preprocessor), "parameters": row.trial.parameters,
            "status": .string(row.result.status.rawValue), "seconds": .number(row.result.seconds),
            "metrics": json(row.result.metrics), "reason": .string(row.result.reason),
        ]
    }

    private static func json(_ metrics: [String: Double]) -> JSON {
        .object(JSONObject(metrics.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }))
    }
}

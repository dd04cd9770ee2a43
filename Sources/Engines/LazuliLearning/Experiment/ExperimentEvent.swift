package import LazuliResources

/// What an experiment tells while it runs: a line of JSON each, in the order in which it happened.
package enum ExperimentEvent: Sendable, Equatable {
    case prepared(Preparation)
    case trialStarted(Trial)
    case trialEnded(Trial, TrialResult)
    /// Share of the experiment that is done, from 0 to 1, and the best value of the primary metric so far.
    case progress(Double, best: Double?)
    case ended(Ending)

    package struct Preparation: Sendable, Equatable {
        package var rows: Int
        package var columns: Int
        package var features: Int
        package var metric: String
        /// Whether a greater value of the metric is better.
        package var isGreaterBetter: Bool
        /// For instance `5 folds` or `10 % held out`.
        package var validation: String
        package var guardrails: [Guardrail]
        /// What became of each column, for the featurisation summary.
        package var columnSummary: JSON
        /// Algorithms that were asked for and do not exist here, with the reason.
        package var unavailable: [String: String]

        package init(
            rows: Int, columns: Int, features: Int, metric: String, isGreaterBetter: Bool, validation: String,
            guardrails: [Guardrail] = [], columnSummary: JSON = [], unavailable: [String: String] = [:]
        ) {
            self.rows = rows
            self.columns = columns
            self.features = features
            self.metric = metric
            self.isGreaterBetter = isGreaterBetter
            self.validation = validation
            self.guardrails = guardrails
            self.columnSummary = columnSummary
            self.unavailable = unavailable
        }
    }

    /// A check of the data. Source of the words: Azure's data guardrails.
    package struct Guardrail: Sendable, Equatable {
        package enum Status: String, Sendable {
            case passed = "Passed"
            case done = "Done"
            case alerted = "Alerted"
        }

        package var name: String
        package var status: Status
        package var sentence: String

        package init(name: String, status: Status, sentence: String) {
            self.name = name
            self.status = status
            self.sentence = sentence
        }
    }

    package struct Trial: Sendable, Equatable {
        /// From 0, in the order of their start.
        package var number: Int
        /// As on Azure's wire: `LightGBM`, `VotingEnsemble`…
        package var algorithm: String
        /// For instance `StandardScaleWrapper`; empty for trees.
        package var preprocessor: String
        package var parameters: JSON

        package init(number: Int, algorithm: String, preprocessor: String, parameters: JSON) {
            self.number = number
            self.algorithm = algorithm
            self.preprocessor = preprocessor
            self.parameters = parameters
        }
    }

    package struct TrialResult: Sendable, Equatable {
        package enum Status: String, Sendable {
            case completed = "Completed"
            case failed = "Failed"
            case canceled = "Canceled"
        }

        package var status: Status
        package var seconds: Double
        /// By Azure's names; means over the folds.
        package var metrics: [String: Double]
        /// Why it failed or was cancelled.
        package var reason: String

        package init(status: Status, seconds: Double, metrics: [String: Double] = [:], reason: String = "") {
            self.status = status
            self.seconds = seconds
            self.metrics = metrics
            self.reason = reason
        }
    }

    package struct Ending: Sendable, Equatable {
        /// The number of the best trial; nil when none succeeded.
        package var best: Int?
        /// Why the experiment ended, in a sentence.
        package var reason: String
        package var isFailure: Bool
        /// Metrics of the winner on the test data.
        package var testMetrics: [String: Double]
        /// Columns to their share of the explanation, greatest first.
        package var importance: [Importance]

        package struct Importance: Sendable, Equatable {
            package var column: String
            package var share: Double

            package init(column: String, share: Double) {
                self.column = column
                self.share = share
            }
        }

        package init(
            best: Int?, reason: String, isFailure: Bool = false, testMetrics: [String: Double] = [:],
            importance: [Importance] = []
        ) {
            self.best = best
            self.reason = reason
            self.isFailure = isFailure
            self.testMetrics = testMetrics
            self.importance = importance
        }
    }
}

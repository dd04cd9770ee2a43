package import LazuliResources

/// What an experiment is asked to do, by whoever asks: a job, the command line, a test.
package struct ExperimentSettings: Sendable, Equatable {
    package enum Task: String, Sendable, CaseIterable {
        case classification
        case regression
    }

    package var task: Task
    package var target: String
    package var data: Data
    /// As Azure spells it, for instance `AUC_weighted`; nil for the task's usual one.
    package var primaryMetric: String?
    /// The class that the metrics of one class judge, as the data spells it.
    package var positiveLabel: String?
    package var validation = Validation()
    package var limits = Limits()
    package var algorithms = Algorithms()
    package var featurization = Featurization()
    package var ensembles = Ensembles()
    package var explains = true
    /// The same seed, data and number of trials give the same folds.
    package var seed: UInt64 = 0

    package init(task: Task, target: String, data: Data) {
        self.task = task
        self.target = target
        self.data = data
    }

    /// Paths of tables: a file, a folder, or a folder with an MLTable file.
    package struct Data: Sendable, Equatable {
        package var training: String
        package var validation: String?
        package var test: String?
        package var weightColumn: String?
        /// Columns that hold, per fold, 1 for rows to validate on.
        package var foldColumns: [String] = []
        /// The path on this machine of each address that an MLTable file of these tables names by a URI.
        package var places: [String: String] = [:]

        package init(training: String) { self.training = training }
    }

    package struct Validation: Sendable, Equatable {
        /// nil: chosen by the size of the data.
        package var folds: Int?
        /// The share of the training data to hold out.
        package var holdout: Double?
        /// The share of the training data to test the winner on.
        package var testShare: Double?

        package init() {}
    }

    package struct Limits: Sendable, Equatable {
        /// Of the whole experiment, from its start to its end.
        package var seconds: Double = 3_600
        package var trialSeconds: Double?
        package var trials: Int?
        package var concurrentTrials: Int?
        package var coresPerTrial: Int?
        /// The experiment ends once the primary metric is as good as this.
        package var exitScore: Double?
        package var stopsEarly = true
        /// Of a training process.
        package var memoryBytes: Int64?

        package init() {}
    }

    /// Algorithm names as on Azure's wire, for instance `LightGBM`; an empty list of allowed ones allows all.
    package struct Algorithms: Sendable, Equatable {
        package var allowed: [String] = []
        package var blocked: [String] = []

        package init() {}
    }

    package struct Featurization: Sendable, Equatable {
        package enum Mode: String, Sendable {
            case auto
            case custom
            case off
        }

        package var mode = Mode.auto
        /// Azure's names of transformers that must not be used.
        package var blockedTransformers: [String] = []
        /// Column names to what the column is: `Numeric`, `Categorical`, `Text`, `DateTime`, `Ignore`…
        package var purposes: [String: String] = [:]
        package var dropped: [String] = []
        package var transformers: [Transformer] = []

        /// Parameters of one transformer for some columns, for instance Imputer with `strategy: median`.
        package struct Transformer: Sendable, Equatable {
            package var name: String
            package var columns: [String]
            package var parameters: JSON

            package init(name: String, columns: [String], parameters: JSON) {
                self.name = name
                self.columns = columns
                self.parameters = parameters
            }
        }

        package init() {}
    }

    package struct Ensembles: Sendable, Equatable {
        package var votes = true
        package var stacks = true

        package init() {}
    }
}

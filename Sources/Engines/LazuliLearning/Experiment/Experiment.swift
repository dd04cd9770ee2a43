package import LazuliTabular

/// An AutoML experiment over a prepared table: races candidates until the time is over, and joins the best.
package struct Experiment: Sendable {
    /// What it needs of its surroundings.
    package struct Surroundings: Sendable {
        /// Seconds since the start of the experiment.
        package var seconds: @Sendable () -> Double
        package var tell: @Sendable (ExperimentEvent) -> Void
        /// Starts training processes over a folder, whose table has so many cells.
        package var pool: @Sendable (_ folder: TrainingFolder, _ cells: Int) -> any TrainingPool
        /// Whether someone asked to end now.
        package var isStopped: @Sendable () -> Bool

        package init(
            seconds: @escaping @Sendable () -> Double, tell: @escaping @Sendable (ExperimentEvent) -> Void,
            pool: @escaping @Sendable (_ folder: TrainingFolder, _ cells: Int) -> any TrainingPool,
            isStopped: @escaping @Sendable () -> Bool = { false }
        ) {
            self.seconds = seconds
            self.tell = tell
            self.pool = pool
            self.isStopped = isStopped
        }
    }

    let settings: ExperimentSettings
    let folder: TrainingFolder
    let surroundings: Surroundings

    package init(_ settings: ExperimentSettings, folder: TrainingFolder, _ surroundings: Surroundings) {
        self.settings = settings
        self.folder = folder
        self.surroundings = surroundings
    }

    /// What an experiment leaves.
    package struct Result: Sendable {
        package let model: FinalModel
        package let preparation: TablePreparation
        package let folds: Folds
        /// Predictions of the winner for the rows of `folds.validated`, row after row.
        package let validation: [Float]
        package let bestTrial: Int
        package let bestName: String
    }

    /// A table that is ready for the race, in memory that the training processes share.
    package struct Ready: Sendable {
        let preparation: TablePreparation
        let folds: Folds
    }

    /// - Parameter notes: what a person should know about the reading.
    /// - Throws: `LearningFault` when the table cannot be learned from.
    package func prepare(
        _ table: Table, validationRows: Int = 0, notes: [TableNote] = []
    ) throws(LearningFault) -> Ready {
        var preparation = try TablePreparation(table, settings)
        preparation.guardrails += Guardrails.reading(notes)
        let folds = try ExperimentFolds(settings, preparation, table, validationRows: validationRows).folds
        try folder.write(preparation.table, folds)
        preparation.table = try folder.readTable().table
        return Ready(preparation: preparation, folds: folds)
    }

    /// - Throws: `LearningFault` when no model could be made.
    package func run(_ ready: Ready) async throws(LearningFault) -> Result {
        let race = try Race(self, ready.preparation, ready.folds)
        return try await race.run()
    }
}

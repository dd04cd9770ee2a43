package import LazuliDomain
package import LazuliPersistence
package import LazuliResources
package import Logging

/// AutoML jobs: a table in, the best model out.
package struct AutoMLFeature: Sendable {
    /// How jobs of the type `AutoML` run.
    package let kind: any JobKind

    package init(
        database: StateDatabase, clock: WallClock, logger: Logger, settings: AutoMLSettings, runs: any RunRecorder,
        locator: DataLocator
    ) {
        kind = AutoMLJobKind(
            settings: settings, tables: TaskTables(locator: locator),
            recorder: ExperimentRecorder(database: database, runs: runs, clock: clock),
            results: ExperimentResults(locator: locator), logger: logger)
    }
}

/// What the assembly gives to AutoML jobs.
package struct AutoMLSettings: Sendable {
    /// This program, which also runs experiments.
    package var executable: String
    /// The file of each native library that an experiment needs, and a sentence on each that is not to be had.
    package var libraries: Libraries

    package typealias Libraries =
        @Sendable (_ readsParquet: Bool) async -> (files: [String: String], missing: [String])

    package init(executable: String, libraries: @escaping Libraries) {
        self.executable = executable
        self.libraries = libraries
    }
}

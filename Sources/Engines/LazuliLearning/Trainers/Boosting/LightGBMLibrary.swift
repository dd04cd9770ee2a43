import NativeLibraries

/// LightGBM, opened for training; it stays open as long as the process lives.
package final class LightGBMLibrary: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Parameter file: `lib_lightgbm.so`.
    package init(file: String) throws(LearningFault) {
        var opened: OpaquePointer?
        try check(lz_lightgbm_trainer_open(file, &opened))
        guard let opened else { throw LearningFault("LightGBM could not be opened from \(file).") }
        pointer = opened
    }
}

/// Rows in LightGBM's bins. Any number of boosters learn from one dataset, one after the other.
final class LightGBMDataset {
    let library: LightGBMLibrary
    let rowCount: Int
    fileprivate(set) var handle: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - bins: parts that a feature is cut into at most.
    ///   - reference: a dataset whose bins are used; validation rows need the bins of what is learned from.
    init(
        _ set: TrainingSet, bins: Int, reference: LightGBMDataset? = nil, threads: Int, library: LightGBMLibrary
    ) throws(LearningFault) {
        self.library = library
        rowCount = set.features.rowCount
        var made: UnsafeMutableRawPointer?
        let matrix = set.features
        let message = matrix.values.withUnsafeBufferPointer {
            lz_lightgbm_dataset(
                library.pointer, $0.baseAddress, Int32(matrix.rowCount), Int32(matrix.columnCount),
                Self.parameters(bins, threads), reference?.handle, &made)
        }
        try check(message)
        guard let made else { throw LearningFault("LightGBM made no dataset.") }
        handle = made
        try setFloats("label", set.targets)
        if let weights = set.weights { try setFloats("weight", weights) }
    }

    deinit { lz_lightgbm_free_dataset(library.pointer, handle) }

    /// Features are not filtered by one booster's settings: others share the bins, which follow a sample of the rows.
    private static func parameters(_ bins: Int, _ threads: Int) -> String {
        "max_bin=\(bins) bin_construct_sample_cnt=\(sampledRows) feature_pre_filter=false num_threads=\(threads) "
            + "verbosity=-1"
    }

    /// A quarter of what LightGBM takes by itself, for it holds them in double precision.
    private static let sampledRows = 50_000

    private func setFloats(_ name: String, _ values: [Double]) throws(LearningFault) {
        let floats = values.map(Float.init)
        try check(lz_lightgbm_set_floats(library.pointer, handle, name, floats, Int32(floats.count)))
    }
}

/// A model in the making.
final class LightGBMBooster {
    private let training: LightGBMDataset
    private let validation: LightGBMDataset?
    private let handle: UnsafeMutableRawPointer

    init(_ training: LightGBMDataset, validation: LightGBMDataset?, parameters: String) throws(LearningFault) {
        self.training = training
        self.validation = validation
        var made: UnsafeMutableRawPointer?
        try check(
            lz_lightgbm_booster(training.library.pointer, training.handle, validation?.handle, parameters, &made))
        guard let made else { throw LearningFault("LightGBM made no booster.") }
        handle = made
    }

    deinit { lz_lightgbm_free_booster(training.library.pointer, handle) }

    /// One more round.
    /// - Returns: false once no split helps any more.
    func boost() throws(LearningFault) -> Bool {
        var isFinished = false
        try check(lz_lightgbm_boost(training.library.pointer, handle, &isFinished))
        return !isFinished
    }

    /// What is predicted of the validation rows so far, output after output.
    func validationPredictions(into values: inout [Double]) throws(LearningFault) {
        var count: Int64 = 0
        if values.isEmpty {
            try check(lz_lightgbm_prediction_count(training.library.pointer, handle, true, &count))
            values = Array(repeating: 0, count: Int(count))
        }
        try check(lz_lightgbm_predictions(training.library.pointer, handle, true, &values, &count))
    }

    /// The first rounds as LightGBM's text.
    func withText<Result>(
        rounds: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(LearningFault) -> Result {
        var text: UnsafeMutablePointer<CChar>?
        try check(lz_lightgbm_text(training.library.pointer, handle, Int32(rounds), &text))
        guard let text else { throw LearningFault("LightGBM gave no model.") }
        defer { text.deallocateByC() }
        return body(UnsafeRawBufferPointer(start: text, count: text.length))
    }
}

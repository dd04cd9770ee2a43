import NativeLibraries

/// XGBoost, opened for training; it stays open as long as the process lives.
package final class XGBoostLibrary: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Parameter file: `libxgboost.so`.
    package init(file: String) throws(LearningFault) {
        var opened: OpaquePointer?
        try check(lz_xgboost_trainer_open(file, &opened))
        guard let opened else { throw LearningFault("XGBoost could not be opened from \(file).") }
        pointer = opened
    }
}

/// Rows in XGBoost's own form: in which part of its column's values each value lies.
final class XGBoostMatrix {
    let library: XGBoostLibrary
    let handle: UnsafeMutableRawPointer

    /// - Parameter reference: a matrix whose parts are used; validation rows need those of what is learned from.
    init(
        _ set: TrainingSet, reference: XGBoostMatrix? = nil, threads: Int, library: XGBoostLibrary
    ) throws(LearningFault) {
        self.library = library
        let matrix = set.features
        var made: UnsafeMutableRawPointer?
        try check(
            lz_xgboost_matrix(
                library.pointer, matrix.values, matrix.rowCount, matrix.columnCount, Int32(threads), reference?.handle,
                &made))
        guard let made else { throw LearningFault("XGBoost made no matrix.") }
        handle = made
        try setFloats("label", set.targets)
        if let weights = set.weights { try setFloats("weight", weights) }
    }

    deinit { lz_xgboost_free_matrix(library.pointer, handle) }

    private func setFloats(_ name: String, _ values: [Double]) throws(LearningFault) {
        let floats = values.map(Float.init)
        try check(lz_xgboost_set_floats(library.pointer, handle, name, floats, floats.count))
    }
}

/// A model in the making.
final class XGBoostBooster {
    private let training: XGBoostMatrix
    private let validation: XGBoostMatrix?
    private let handle: UnsafeMutableRawPointer
    private var rounds: Int32 = 0

    init(
        _ training: XGBoostMatrix, validation: XGBoostMatrix?, parameters: [(String, String)]
    ) throws(LearningFault) {
        self.training = training
        self.validation = validation
        var made: UnsafeMutableRawPointer?
        try check(lz_xgboost_booster(training.library.pointer, training.handle, validation?.handle, &made))
        guard let made else { throw LearningFault("XGBoost made no booster.") }
        handle = made
        for (name, value) in parameters { try check(lz_xgboost_set(training.library.pointer, handle, name, value)) }
    }

    deinit { lz_xgboost_free_booster(training.library.pointer, handle) }

    func boost() throws(LearningFault) {
        try check(lz_xgboost_boost(training.library.pointer, handle, rounds, training.handle))
        rounds += 1
    }

    /// What is predicted of the validation rows so far, row after row.
    func validationPredictions(into values: inout [Double]) throws(LearningFault) {
        guard let validation else { return }
        var results: UnsafePointer<Float>?
        var count = 0
        try check(
            lz_xgboost_predictions(training.library.pointer, handle, validation.handle, &results, &count))
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: UnsafeBufferPointer(start: results, count: count).lazy.map(Double.init))
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) throws(LearningFault) -> Result {
        var bytes: UnsafePointer<CChar>?
        var size = 0
        try check(lz_xgboost_bytes(training.library.pointer, handle, &bytes, &size))
        return body(UnsafeRawBufferPointer(start: bytes, count: size))
    }
}

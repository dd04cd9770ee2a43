/// Rows to learn from and to watch, in the form that a trainer wants; made once and shared by many candidates.
package final class BoostingData {
    private(set) var training: TrainingSet
    private(set) var validation: TrainingSet?
    let task: LearningTask
    /// Threads that a library may use.
    let threads: Int
    /// Whether the features stay when a library has them in its own form.
    private let keepsFeatures: Bool
    private var lightGBM: (training: LightGBMDataset, validation: LightGBMDataset?)?
    private var xgboost: (training: XGBoostMatrix, validation: XGBoostMatrix?)?

    package init(
        training: TrainingSet, validation: TrainingSet?, task: LearningTask, threads: Int = 1,
        keepsFeatures: Bool = true
    ) {
        self.training = training
        self.validation = validation
        self.task = task
        self.threads = threads
        self.keepsFeatures = keepsFeatures
    }

    /// Numbers that the features hold.
    var size: Int { training.features.values.count + (validation?.features.values.count ?? 0) }

    func lightGBM(
        _ library: LightGBMLibrary
    ) throws(LearningFault) -> (training: LightGBMDataset, validation: LightGBMDataset?) {
        if let lightGBM { return lightGBM }
        let learned = try LightGBMDataset(training, bins: task.bins, threads: threads, library: library)
        var watched: LightGBMDataset?
        if let validation {
            watched = try LightGBMDataset(
                validation, bins: task.bins, reference: learned, threads: threads, library: library)
        }
        lightGBM = (learned, watched)
        forgetFeatures()
        return (learned, watched)
    }

    func xgboost(
        _ library: XGBoostLibrary
    ) throws(LearningFault) -> (training: XGBoostMatrix, validation: XGBoostMatrix?) {
        if let xgboost { return xgboost }
        let learned = try XGBoostMatrix(training, threads: threads, library: library)
        var watched: XGBoostMatrix?
        if let validation {
            watched = try XGBoostMatrix(validation, reference: learned, threads: threads, library: library)
        }
        xgboost = (learned, watched)
        forgetFeatures()
        return (learned, watched)
    }

    private func forgetFeatures() {
        guard !keepsFeatures else { return }
        training.forgetFeatures()
        validation?.forgetFeatures()
    }
}

extension TrainingSet {
    fileprivate mutating func forgetFeatures() {
        features = FeatureMatrix(rowCount: features.rowCount, columnCount: 0, values: [])
    }
}

/// What a booster learned.
package struct BoostedModel: Sendable {
    package var form: ModelForm
    /// Of the validation rows; nil without any.
    package var validation: Predictions?
    package var rounds: Int
}

/// Rows to learn from and to watch, in the form that a booster wants; made once and shared by many candidates.
package final class BoostingData {
    let training: TrainingSet
    let validation: TrainingSet?
    let task: LearningTask
    private var lightGBM: (training: LightGBMDataset, validation: LightGBMDataset?)?
    private var xgboost: (training: XGBoostMatrix, validation: XGBoostMatrix?)?

    package init(training: TrainingSet, validation: TrainingSet?, task: LearningTask) {
        self.training = training
        self.validation = validation
        self.task = task
    }

    /// Numbers that the features hold.
    var size: Int { training.features.values.count + (validation?.features.values.count ?? 0) }

    func lightGBM(
        _ library: LightGBMLibrary
    ) throws(LearningFault) -> (training: LightGBMDataset, validation: LightGBMDataset?) {
        if let lightGBM { return lightGBM }
        let learned = try LightGBMDataset(training, bins: task.bins, library: library)
        var watched: LightGBMDataset?
        if let validation {
            watched = try LightGBMDataset(validation, bins: task.bins, reference: learned, library: library)
        }
        lightGBM = (learned, watched)
        return (learned, watched)
    }

    func xgboost(
        _ library: XGBoostLibrary
    ) throws(LearningFault) -> (training: XGBoostMatrix, validation: XGBoostMatrix?) {
        if let xgboost { return xgboost }
        let learned = try XGBoostMatrix(training, library: library)
        var watched: XGBoostMatrix?
        if let validation { watched = try XGBoostMatrix(validation, library: library) }
        xgboost = (learned, watched)
        return (learned, watched)
    }
}

/// What a booster learned.
package struct BoostedModel: Sendable {
    package var form: ModelForm
    /// Of the validation rows; nil without any.
    package var validation: Predictions?
    package var rounds: Int
}

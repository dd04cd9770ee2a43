import Foundation
import LazuliLearning
import LazuliResources
import LazuliTabular

/// Writes what an experiment leaves: the model, its charts and scores, what the columns are worth, and the leaderboard.
struct ExperimentOutputs {
    let run: ExperimentRun
    let tables: ExperimentTables
    let result: Experiment.Result
    let leaderboard: Leaderboard

    private var folder: String { "\(run.surroundings.outputFolder)/outputs" }

    func write() throws(LearningFault) -> ExperimentEvent.Ending {
        do {
            return try writeAll()
        } catch let fault as LearningFault {
            throw fault
        } catch {
            throw LearningFault("Cannot write to \(folder): \(error.localizedDescription)")
        }
    }

    private func writeAll() throws -> ExperimentEvent.Ending {
        let test = try tables.test.map { table in
            try TestEvaluation(result, table, named: run.settings.data.test ?? "the rows held out for testing")
        }
        var ending = ExperimentEvent.Ending(
            best: result.bestTrial, reason: "The best model is \(result.bestName).")
        ending.testMetrics = test?.metrics ?? [:]
        if run.settings.explains { ending.importance = Importance(result).columns }
        try writeModel(ending)
        try put("leaderboard.json", leaderboard.json)
        try put("guardrails.json", .array(result.preparation.guardrails.map(\.json)))
        try put("featurization.json", result.preparation.summary)
        for (name, chart) in EvaluationCharts.validation(result) { try put("charts/validation/\(name).json", chart) }
        for (name, chart) in test?.charts ?? [] { try put("charts/test/\(name).json", chart) }
        if run.settings.explains { try put("explanation/importance.json", ending.importanceJSON) }
        return ending
    }

    private func writeModel(_ ending: ExperimentEvent.Ending) throws {
        let table = result.preparation.table
        try MLflowModelFolder.write(
            result.model, to: URL(fileURLWithPath: "\(folder)/mlflow-model"), runID: run.surroundings.runID,
            examples: table.examples(0..<min(Self.exampleRows, table.rowCount)),
            description: [
                "bestTrial": JSON(result.bestTrial), "name": .string(result.bestName),
                "validation": .string(result.folds.words), "scores": leaderboard.scores(of: result.bestTrial),
            ])
    }

    private static let exampleRows = 3

    private func put(_ name: String, _ json: JSON) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((json.prettyText + "\n").utf8).write(to: file)
    }
}

extension ExperimentEvent.Ending {
    fileprivate var importanceJSON: JSON {
        .array(importance.map { ["column": .string($0.column), "share": .number($0.share)] })
    }
}

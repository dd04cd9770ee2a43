import Foundation
import LazuliLearning
import LazuliResources
import LazuliTabular

/// Writes what an experiment leaves: the model, its charts and scores, what the columns are worth, and the leaderboard.
struct ExperimentOutputs {
    let run: ExperimentRun
    /// Rows that are not learned from.
    let test: Table?
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
        let test = try test.map { table in
            try TestEvaluation(result, table, named: run.settings.data.test ?? "the rows held out for testing")
        }
        var ending = ExperimentEvent.Ending(
            best: result.bestTrial, reason: "The best model is \(result.bestName).")
        ending.testMetrics = test?.metrics ?? [:]
        try writeModel()
        try put("leaderboard.json", leaderboard.json)
        try put("guardrails.json", .array(result.preparation.guardrails.map(\.json)))
        try put("featurization.json", result.preparation.summary)
        try put(EvaluationCharts.validation(result), in: "charts/validation")
        try put(test?.charts ?? [], in: "charts/test")
        // Last, for it makes do with the time that is left.
        if run.settings.explains { ending.importance = try explain() }
        return ending
    }

    private func explain() throws -> [ExperimentEvent.Ending.Importance] {
        let importance = Importance(result, seconds: secondsToExplain)
        try put("explanation/importance.json", importance.json)
        if let picture = importance.picture { try put("explanation/importance.svg", picture) }
        return importance.shares
    }

    /// What is left, but a little for the end of the process. Who asked to end now shall not wait.
    private var secondsToExplain: Double {
        if run.surroundings.stop.isRequested { return Self.leastToExplain }
        let left = run.settings.limits.seconds - run.seconds() - Self.ending
        return min(Self.mostToExplain, max(Self.leastToExplain, left))
    }

    private static let ending = 0.3
    private static let leastToExplain = 0.1
    private static let mostToExplain = 1.0

    private func writeModel() throws {
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

    /// Each chart as data and as a picture.
    private func put(_ charts: EvaluationCharts.Documents, in folder: String) throws {
        for (name, chart) in charts {
            try put("\(folder)/\(name).json", chart)
            if let picture = ChartPicture.svg(of: chart) { try put("\(folder)/\(name).svg", picture) }
        }
    }

    private func put(_ name: String, _ json: JSON) throws { try put(name, json.prettyText + "\n") }

    private func put(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

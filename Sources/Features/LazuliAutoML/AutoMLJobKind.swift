import Foundation
import LazuliDomain
import LazuliLearning
import LazuliResources
import Logging

/// Jobs of the type `AutoML`: an experiment in a process of its own (`lazuli child automl <folder>`), whose trials become
/// child runs while it goes on.
struct AutoMLJobKind: JobKind {
    let settings: AutoMLSettings
    let tables: TaskTables
    let recorder: ExperimentRecorder
    let results: ExperimentResults
    let logger: Logger

    let type = "AutoML"
    var members: [Field] { TaskDetails.members }

    func complete(_ properties: JSON, name: String, in scope: WorkspaceScope) async throws -> JobSubmissionFinding {
        let task = TabularTask(details: properties["taskDetails"])
        let known = await tables.columns(of: task.inputs.first?.input, in: scope)
        try TaskRules.check(task, columns: known)
        var properties = properties
        // The winner is an output by the name that the tasks of pipelines give it.
        if properties["outputs"][ExperimentResults.bestModel].isNull {
            properties["outputs"][ExperimentResults.bestModel] = [
                "jobOutputType": "mlflow_model", "uri": .string(ExperimentResults.usualAddress(ofJob: name)),
            ]
        }
        return JobSubmissionFinding(properties: properties, notices: TaskNotices.of(task))
    }

    func inputs(of properties: JSON) -> [(name: String, input: JobData)] {
        TabularTask(details: properties["taskDetails"]).inputs
    }

    func program(for job: RunningJob, on node: JobNode) async throws -> JobProgram {
        let task = TabularTask(details: job.properties["taskDetails"])
        let addressed = await tables.places(ofAddressesIn: Array(node.inputs.values), in: job.scope)
        let paths = node.inputs.values.map(\.path) + addressed.values
        let libraries = await settings.libraries(paths.contains(where: TaskTables.isParquet))
        var experiment = try task.settings(
            places: node.inputs.mapValues(\.path), memoryBytes: node.memoryBytes)
        experiment.data.places = addressed
        let plan: JSON = .object(dropping: [
            ("settings", experiment.json), ("libraries", JSON(libraries.files)), ("runID", .string(job.name)),
            ("output", .string(job.artifacts.path)), ("cores", node.cores.map { JSON($0) }),
        ])
        try Data(plan.text.utf8).write(to: job.folder.appending(path: ExperimentFiles.plan))
        return JobProgram(
            arguments: [settings.executable, "child", "automl", job.folder.path],
            environment: ProgramVariables.base(programsIn: []),
            timeout: experiment.limits.seconds + Self.patience,
            notices: TaskNotices.of(task) + libraries.missing)
    }

    /// The experiment keeps its deadline itself; only one that hangs is ended by its supervisor, so many seconds later.
    private static let patience = 60.0

    // MARK: - While it runs

    func follow(_ job: RunningJob, _ ledger: any JobLedger) async {
        var log = ExperimentLog(job, primaryMetric: metric(of: job))
        while !Task.isCancelled {
            do {
                try await recorder.write(log.advance(), of: job, ledger)
            } catch {
                logger.error("trials not written down", metadata: ["job": "\(job.name)", "error": "\(error)"])
                // Everything is read again: what was written down already is passed over.
                log = ExperimentLog(job, primaryMetric: metric(of: job))
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private static let pause = Duration.milliseconds(100)

    private func metric(of job: RunningJob) -> String? {
        TabularTask(details: job.properties["taskDetails"]).primaryMetric
    }

    // MARK: - At its end

    func conclude(_ job: RunningJob, _ ledger: any JobLedger, as end: JobStatus) async throws -> JobConclusion {
        var log = ExperimentLog(job, primaryMetric: metric(of: job))
        let last = log.advance()
        try await recorder.write(last, of: job, ledger)
        let ending = last.chronicle.ending
        var best: Int?
        if let found = ending?.best, results.holdModel(job) {
            try await results.give(to: TrialNames.run(found, of: job), job)
            best = found
        }
        try await recorder.close(last.chronicle, best: best, of: job, ledger, as: end)
        guard let ending else { return JobConclusion() }
        return JobConclusion(sentence: ending.isFailure ? ending.reason : last.chronicle.summary)
    }
}

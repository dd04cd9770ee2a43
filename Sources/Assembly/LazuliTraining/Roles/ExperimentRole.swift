import Foundation
import LazuliLearning
import LazuliProcesses
import LazuliResources

/// The role `lazuli child automl <folder>`: carries out the experiment of the folder's `plan.json`, tells about it in
/// `events.jsonl`, and on standard output in words.
enum ExperimentRole {
    /// - Returns: the exit code.
    static func run(folder: String) async -> Int32 {
        let startedAt = ContinuousClock.now
        let plan: ExperimentPlan
        let events: EventFile
        do {
            plan = try ExperimentPlan(folder: folder)
            events = try EventFile("\(folder)/events.jsonl")
        } catch {
            TrainingRole.complain("\(error)")
            return 1
        }
        let stop = StopRequest()
        let signals = StopSignals { stop.request() }
        defer { signals.end() }
        let words = ExperimentWords()
        let run = ExperimentRun(
            settings: plan.settings,
            surroundings: .init(
                executable: OwnProgram.path, libraries: plan.libraries, workFolder: "\(folder)/training",
                outputFolder: plan.output, runID: plan.runID,
                processors: Processors.usable(plan.cores),
                tell: { event in
                    events.append(event)
                    words.line(event).map(TrainingRole.say)
                }, stop: stop),
            startedAt: startedAt)
        let ending = await run.perform()
        if ending.isFailure { TrainingRole.complain(ending.reason) }
        return ending.isFailure ? 1 : 0
    }
}

/// What `plan.json` says.
struct ExperimentPlan {
    let settings: ExperimentSettings
    let libraries: NativeLibraryFiles
    let output: String
    let runID: String
    /// Of the compute that the job was given; nil for the whole machine.
    let cores: Int?

    init(folder: String) throws(LearningFault) {
        let file = "\(folder)/plan.json"
        guard let data = FileManager.default.contents(atPath: file), let json = try? JSON(parsing: Array(data)),
            let settings = ExperimentSettings(json["settings"])
        else { throw LearningFault("\(file) is not the plan of an experiment.") }
        self.settings = settings
        libraries = NativeLibraryFiles(json["libraries"])
        output = json["output"].string ?? folder
        runID = json["runID"].string ?? ""
        cores = json["cores"].integer
    }
}

/// Events, a line each, on disk before anyone acts on them.
final class EventFile: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws(LearningFault) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LearningFault("Cannot write \(path).") }
    }

    deinit { close(descriptor) }

    func append(_ event: ExperimentEvent) {
        let bytes = Array("\(event.json.text)\n".utf8)
        _ = Foundation.write(descriptor, bytes, bytes.count)
    }
}

/// The processors that training may take.
enum Processors {
    /// - Parameter given: to the job; nil for all that the machine has.
    static func usable(_ given: Int? = nil) -> Int {
        let all = ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(given ?? all, all))
    }
}

import Foundation
import LazuliDomain
import LazuliLearning
import LazuliResources

/// The files by which the server and the process of an experiment know of each other.
enum ExperimentFiles {
    /// What the process is to do.
    static let plan = "plan.json"
    /// What it tells: a JSON line an event, appended while it runs.
    static let events = "events.jsonl"
}

/// The names of an experiment's trials as runs.
enum TrialNames {
    static func run(_ trial: Int, of job: RunningJob) -> String { "\(job.name)_\(trial)" }

    /// As the studio lists it: the preprocessor and the algorithm.
    static func display(_ trial: ExperimentEvent.Trial) -> String {
        trial.preprocessor.isEmpty ? trial.algorithm : "\(trial.preprocessor), \(trial.algorithm)"
    }
}

/// Reads the events of an experiment as they are appended.
struct ExperimentLog {
    private let file: URL
    private var offset: UInt64 = 0
    /// The beginning of a line whose end is not there yet.
    private var unfinished = Data()
    private var chronicle: ExperimentChronicle

    init(_ job: RunningJob, primaryMetric: String?) {
        file = job.folder.appending(path: ExperimentFiles.events)
        chronicle = ExperimentChronicle(metric: primaryMetric)
    }

    /// What was told since the last call, and all that is known by now.
    struct Advance {
        var events: [ExperimentEvent]
        var chronicle: ExperimentChronicle
    }

    mutating func advance() -> Advance {
        let events = appended().compactMap(ExperimentEvent.init)
        for event in events { chronicle.take(event) }
        return Advance(events: events, chronicle: chronicle)
    }

    private mutating func appended() -> [JSON] {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return [] }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: offset)) != nil, let data = try? handle.readToEnd(), !data.isEmpty else {
            return []
        }
        offset += UInt64(data.count)
        var lines = (unfinished + data).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        unfinished = lines.popLast().map { Data($0) } ?? Data()
        return lines.compactMap { try? JSON(parsing: Data($0)) }
    }
}

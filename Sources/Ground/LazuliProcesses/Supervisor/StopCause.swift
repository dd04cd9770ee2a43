import Glibc

/// Why the supervisor itself ends a job.
enum StopCause: Equatable {
    case cancelled
    case timedOut(seconds: Double)
    /// These carry the sentence that names the limit.
    case outOfMemory(String)
    case diskQuota(String)
    case logLimit(String)
    /// One of several processes failed; the number is its rank.
    case processFailed(Int)

    /// No grace: every further moment does harm.
    var isUrgent: Bool {
        switch self {
        case .outOfMemory, .diskQuota, .logLimit: true
        case .cancelled, .timedOut, .processFailed: false
        }
    }
}

/// Turns what was seen into the reason and the sentence that people read.
enum OutcomeSentence {
    /// The rank whose end speaks for the job: the one that failed first, else the lowest that did not succeed.
    static func decidingProcess(_ endings: [Int: ProcessEnding], _ stop: StopCause?) -> Int? {
        if case .processFailed(let rank) = stop { return rank }
        let ranks = endings.keys.sorted()
        return ranks.first { endings[$0]?.succeeded == false } ?? ranks.first
    }

    static func of(
        status: ProcessEnding?, process: Int, of count: Int, stop: StopCause?, killedByLimit: String?
    ) -> (Outcome.Reason, String) {
        switch stop {
        case .cancelled: return (.cancelled, "The job was cancelled.")
        case .timedOut(let seconds):
            return (
                .timedOut,
                "The job ran longer than its time limit of \(Decimal1.of(seconds)) seconds and was ended. "
                    + "Raise the timeout in its limits if it needs longer."
            )
        case .outOfMemory(let sentence): return (.outOfMemory, sentence)
        case .diskQuota(let sentence): return (.diskQuota, sentence)
        case .logLimit(let sentence): return (.logLimit, sentence)
        case .processFailed, nil: break
        }
        if let killedByLimit { return (.outOfMemory, killedByLimit) }
        let subject = count > 1 ? "Process \(process) of \(count) (rank \(process))" : "The command"
        let others = stop == nil ? "" : " The other processes were stopped."
        switch status {
        case .exited: return (.exited, "\(subject) ended with \(status?.words ?? "").\(others)")
        case .signaled: return (.signaled, "\(subject) was ended by \(status?.words ?? "").\(others)")
        case nil: return (.supervisorLost, "Nobody saw how the command ended.")
        }
    }
}

/// What a tree of processes used.
struct TreeUsage {
    private(set) var processorSeconds: Double = 0
    private(set) var peakBytes: Int64 = 0

    /// Of a process that was waited for: its own use and that of the children it waited for. `ru_maxrss` is in KiB.
    mutating func add(_ resources: rusage) {
        processorSeconds += TreeUsage.seconds(resources.ru_utime) + TreeUsage.seconds(resources.ru_stime)
        see(residentBytes: Int64(resources.ru_maxrss) * 1024)
    }

    /// Of the whole tree at one moment.
    mutating func see(residentBytes: Int64) {
        peakBytes = max(peakBytes, residentBytes)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}

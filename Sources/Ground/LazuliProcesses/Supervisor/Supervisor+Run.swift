import Glibc
import LazuliResources

extension Supervisor {
    /// The life of the supervisor process: `lazuli child job <folder>` calls it from `main` and exits with its result.
    ///
    /// It must be the only thread: it takes its signals with sigtimedwait(2).
    /// - Returns: 0 when the outcome was written, whatever the job did.
    public static func run(folder path: String) -> Int32 {
        let folder = SupervisedFolder(absolute(path))
        SupervisorSignals.block()
        guard !StateFile.exists(folder.state) else {
            complain("\(folder.path) was supervised before; a job runs once.")
            return EX_USAGE
        }
        do {
            try SupervisedRun(folder: folder).perform()
            return 0
        } catch {
            complain("\(error)")
            return EX_IOERR
        }
    }

    private static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Into supervisor.log, where `launch` points our standard error.
    private static func complain(_ sentence: String) {
        let bytes = Array("\(sentence)\n".utf8)
        write(2, bytes, bytes.count)
    }
}

/// The signals a supervisor lives by: SIGCHLD (a process ended) and SIGTERM or SIGINT (end the job).
enum SupervisorSignals {
    private static var awaited: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGCHLD, SIGTERM, SIGINT] { sigaddset(&set, signal) }
        return set
    }

    /// Blocked signals stay pending until `next` takes them; a closing terminal is of no concern.
    static func block() {
        var set = awaited
        sigprocmask(SIG_BLOCK, &set, nil)
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Nothing is waited for longer than this (seconds), however far off the next look is.
    private static let longestWait = 3600.0

    /// The next signal, or nil when `seconds` (or an hour) have passed.
    static func next(within seconds: Double) -> Int32? {
        var set = awaited
        let wait = min(max(0, seconds), longestWait), whole = wait.rounded(.down)
        var timeout = timespec(tv_sec: Int(whole), tv_nsec: Int((wait - whole) * 1e9))
        let signal = sigtimedwait(&set, nil, &timeout)
        return signal > 0 ? signal : nil
    }
}

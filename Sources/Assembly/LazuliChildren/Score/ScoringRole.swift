import Glibc
import LazuliInference
import LazuliResources

/// The role `lazuli child score <plan>`: the native model host.
enum ScoringRole {
    /// Loads the model, serves it until SIGTERM, and says on standard error what went wrong.
    /// - Returns: the exit code.
    static func run(plan path: String) -> Int32 {
        // Threads that wait for each other must not spin on a small machine; libraries read this when they are opened.
        setenv("OMP_WAIT_POLICY", "passive", 0)
        setenv("OMP_NUM_THREADS", "1", 0)
        signal(SIGPIPE, SIG_IGN)
        do {
            let plan = try ScorePlan(path: path)
            let stop = try StopSignal()
            let service = try HostService(plan)
            let listener = try HostListener(path: plan.socket)
            HostLoop(listener: listener, stop: stop, service: service, progress: ProgressFile(plan.progress)).run()
            return 0
        } catch {
            say((error as? ScoringFault)?.message ?? "\(error)")
            return 1
        }
    }

    static func say(_ message: String) {
        let line = Array((message + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}

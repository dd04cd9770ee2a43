import Glibc

/// Ends whole families of processes, those that fork while they are being ended included.
enum ProcessTree {
    /// Sends one signal to every process below this one. As child subreaper this process is the ancestor of
    /// everything a job left behind, however often it forked or called setsid.
    static func signalOwnDescendants(_ signal: Int32) {
        for entry in ProcessTable.descendants(of: [getpid()], in: ProcessTable.all()) where !entry.isZombie {
            Glibc.kill(entry.pid, signal)
        }
    }

    /// Memory in use below this process, in bytes.
    static func residentBytesOfOwnDescendants() -> Int64 {
        ProcessTable.descendants(of: [getpid()], in: ProcessTable.all()).reduce(0) { $0 + $1.residentBytes }
    }

    /// Kills what `find` names, and looks again until it names nobody: a process may have forked in between.
    ///
    /// - Returns: the processes that were still there after `seconds`.
    static func kill(seconds: Double, _ find: () -> Set<Int32>) -> Set<Int32> {
        let deadline = MonotonicTime.now + seconds
        var remaining = find()
        while !remaining.isEmpty && MonotonicTime.now < deadline {
            for pid in remaining { Glibc.kill(pid, SIGKILL) }
            MonotonicTime.pause(seconds: 0.005)
            remaining = find()
        }
        return remaining
    }
}

/// Seconds of a clock that never jumps.
enum MonotonicTime {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Blocks the calling thread; for the supervisor, which has nothing else to do meanwhile.
    static func pause(seconds: Double) {
        usleep(UInt32(max(0, seconds) * 1e6))
    }
}

/// Milliseconds since 1970.
func wallMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

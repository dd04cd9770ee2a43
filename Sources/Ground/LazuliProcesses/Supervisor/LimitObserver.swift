/// Looks at a running job now and then: time, memory, logs, disk.
struct LimitObserver {
    private let plan: SupervisorPlan
    private let limiters: LimiterSet
    private let startedAt = MonotonicTime.now
    private let interval: Double
    private var nextTree: Double
    private var nextDisk: Double

    init(plan: SupervisorPlan, limiters: LimiterSet) {
        self.plan = plan
        self.limiters = limiters
        interval = limiters.watchInterval ?? 0.5
        let mustLook = plan.limits.observesUse || limiters.watchInterval != nil
        nextTree = mustLook ? startedAt + min(0.1, interval) : .infinity
        nextDisk = startedAt + 0.5
    }

    /// When to look again, by the monotonic clock.
    private(set) var isPaused = false
    var nextLook: Double {
        if isPaused { return .infinity }
        return min(nextTree, plan.limits.diskQuota == nil ? .infinity : nextDisk, timeoutAt)
    }

    private var timeoutAt: Double { plan.limits.timeoutSeconds.map { startedAt + $0 } ?? .infinity }

    /// The job is being ended: nothing more to look for.
    mutating func pause() { isPaused = true }

    /// - Returns: the limit that was broken, nil if none.
    mutating func look(_ usage: inout TreeUsage) -> StopCause? {
        let now = MonotonicTime.now
        if let seconds = plan.limits.timeoutSeconds, now >= timeoutAt { return .timedOut(seconds: seconds) }
        if now >= nextTree {
            nextTree = now + interval
            if let cause = lookAtMemory(&usage) ?? lookAtLogs() { return cause }
        }
        if now >= nextDisk, let quota = plan.limits.diskQuota {
            let cause = lookAtDisk(quota)
            // A tree of a million files takes long to walk: spend at most a twentieth of the time on it.
            nextDisk = MonotonicTime.now + max(0.5, 20 * (MonotonicTime.now - now))
            return cause
        }
        return nil
    }

    private func lookAtMemory(_ usage: inout TreeUsage) -> StopCause? {
        let bytes = ProcessTree.residentBytesOfOwnDescendants()
        usage.see(residentBytes: bytes)
        return limiters.breach(residentBytes: bytes).map(StopCause.outOfMemory)
    }

    private func lookAtLogs() -> StopCause? {
        let limit = plan.limits.logBytes
        guard let log = plan.processes.map(\.logPath).first(where: { DiskUse.size(ofFile: $0) > limit }) else {
            return nil
        }
        return .logLimit(
            "The job printed more than \(ByteText.of(limit)) into \(log) and was ended. "
                + "Print less, or write the data to an output.")
    }

    private func lookAtDisk(_ quota: SupervisorPlan.DiskQuota) -> StopCause? {
        let used = DiskUse.bytes(of: quota.folders)
        guard used > quota.bytes else { return nil }
        return .diskQuota(
            "The job filled \(ByteText.of(used)) of disk, more than its quota of \(ByteText.of(quota.bytes)), and was "
                + "ended. Write less, or choose a VM size with a larger disk.")
    }
}

/// Memory by control group v1. Source: kernel documentation, cgroup-v1/memory.
struct MemoryGroupLimiter: ResourceLimiter {
    let parent: String
    let folder: String
    let bytes: Int64

    init(parent: String, name: String, bytes: Int64) throws {
        self.parent = parent
        self.bytes = bytes
        folder = "\(parent)/\(name)"
        try ControlGroupFolder.make(folder)
        do {
            try StateFile.overwrite("\(folder)/memory.limit_in_bytes", "\(bytes)")
        } catch {
            ControlGroupFolder.remove(folder)
            throw error
        }
        // Memory and swap together; absent where the kernel does not account for swap.
        try? StateFile.overwrite("\(folder)/memory.memsw.limit_in_bytes", "\(bytes)")
    }

    var description: String { "\(ByteText.of(bytes)) of memory, enforced by a control group (v1)" }
    var controlGroups: [String] { [folder] }

    func enter() throws { try ControlGroupFolder.join(folder) }
    func leave() { try? ControlGroupFolder.join(parent) }

    func killedByLimit() -> String? {
        guard ControlGroupFolder.count("oom_kill", in: "\(folder)/memory.oom_control") > 0 else { return nil }
        return OutOfMemorySentence.of(limit: bytes)
    }

    func remove() { ControlGroupFolder.remove(folder) }
}

/// Processor time by control group v1. Source: kernel documentation, scheduler/sched-bwc.
struct ProcessorGroupLimiter: ResourceLimiter {
    let parent: String
    let folder: String
    let cores: Double

    init(parent: String, name: String, cores: Double) throws {
        self.parent = parent
        self.cores = cores
        folder = "\(parent)/\(name)"
        try ControlGroupFolder.make(folder)
        do {
            try StateFile.overwrite("\(folder)/cpu.cfs_period_us", "\(ProcessorQuota.periodMicroseconds)")
            try StateFile.overwrite("\(folder)/cpu.cfs_quota_us", "\(ProcessorQuota.microseconds(cores))")
        } catch {
            ControlGroupFolder.remove(folder)
            throw error
        }
    }

    var description: String { "\(cores.coresText), enforced by a control group (v1)" }
    var controlGroups: [String] { [folder] }

    func enter() throws { try ControlGroupFolder.join(folder) }
    func leave() { try? ControlGroupFolder.join(parent) }
    func remove() { ControlGroupFolder.remove(folder) }
}

enum ProcessorQuota {
    static let periodMicroseconds = 100_000

    /// Time per period; the kernel accepts no less than one millisecond.
    static func microseconds(_ cores: Double) -> Int {
        max(1000, Int((cores * Double(periodMicroseconds)).rounded()))
    }
}

enum OutOfMemorySentence {
    static func of(limit: Int64) -> String {
        "The job used more memory than its limit of \(ByteText.of(limit)) and was ended. "
            + "Choose a larger VM size, or let the code hold less data at once."
    }
}

import Glibc

/// Memory and processor time by one control group v2. Source: kernel documentation, admin-guide/cgroup-v2.
///
/// Tried against folders that stand for the mount only: the machines this was written on offer v1 alone.
/// A group with processes of its own cannot hand controllers down ("no internal processes"), therefore the job's
/// group is made beside our own when ours cannot be a parent, unless ours has a limit that would be escaped by that.
struct UnifiedGroupLimiter: ResourceLimiter {
    let home: String
    let folder: String
    let memoryBytes: Int64?
    let cores: Double?

    init(parent home: String, name: String, memoryBytes: Int64?, cores: Double?) throws {
        self.home = home
        self.memoryBytes = memoryBytes
        self.cores = cores
        folder = "\(try UnifiedGroupLimiter.place(below: home))/\(name)"
        try ControlGroupFolder.make(folder)
        do {
            try configure()
        } catch {
            ControlGroupFolder.remove(folder)
            throw error
        }
    }

    private func configure() throws {
        if let memoryBytes {
            try StateFile.overwrite("\(folder)/memory.max", "\(memoryBytes)")
            // Absent where the kernel does not account for swap, and before Linux 4.19.
            try? StateFile.overwrite("\(folder)/memory.swap.max", "0")
            try? StateFile.overwrite("\(folder)/memory.oom.group", "1")
        }
        if let cores {
            let quota = ProcessorQuota.microseconds(cores)
            try StateFile.overwrite("\(folder)/cpu.max", "\(quota) \(ProcessorQuota.periodMicroseconds)")
        }
    }

    /// The group below which a group with both controllers can be made.
    private static func place(below home: String) throws -> String {
        if handsDown(home) { return home }
        try? StateFile.overwrite("\(home)/cgroup.subtree_control", "+memory +cpu")
        if handsDown(home) { return home }
        let above = String(home[..<(home.lastIndex(of: "/") ?? home.startIndex)])
        let isUnlimited = StateFile.text("\(home)/memory.max")?.hasPrefix("max") ?? true
        guard isUnlimited && handsDown(above) else { throw SystemFailure("use", home, code: EBUSY) }
        return above
    }

    private static func handsDown(_ folder: String) -> Bool {
        let control = StateFile.text("\(folder)/cgroup.subtree_control") ?? ""
        return Set(control.split(whereSeparator: \.isWhitespace)).isSuperset(of: ["memory", "cpu"])
    }

    var description: String {
        let parts = [memoryBytes.map { "\(ByteText.of($0)) of memory" }, cores.map(\.coresText)].compactMap { $0 }
        return "\(parts.joined(separator: " and ")), enforced by a control group (v2)"
    }
    var controlGroups: [String] { [folder] }

    func enter() throws { try ControlGroupFolder.join(folder) }
    func leave() { try? ControlGroupFolder.join(home) }

    func killedByLimit() -> String? {
        guard let memoryBytes, ControlGroupFolder.count("oom_kill", in: "\(folder)/memory.events") > 0 else {
            return nil
        }
        return OutOfMemorySentence.of(limit: memoryBytes)
    }

    func remove() { ControlGroupFolder.remove(folder) }
}

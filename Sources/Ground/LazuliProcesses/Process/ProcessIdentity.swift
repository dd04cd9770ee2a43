import Glibc
public import LazuliResources

/// One process for all time: a process number alone is used again by the system, together with the moment of its
/// start and the boot it belongs to it is not.
///
/// Source: proc(5), `/proc/<pid>/stat` field 22 and `/proc/sys/kernel/random/boot_id`.
public struct ProcessIdentity: Hashable, Sendable {
    public let pid: Int32
    /// Clock ticks between boot and the start of the process.
    public let startTicks: UInt64
    public let boot: String

    public init(pid: Int32, startTicks: UInt64, boot: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.boot = boot
    }

    /// The identity of the process that has this number now; nil if there is none.
    public init?(pid: Int32) {
        guard let entry = ProcessTable.entry(pid) else { return nil }
        self.init(pid: pid, startTicks: entry.startTicks, boot: ProcessIdentity.currentBoot)
    }

    /// Whether the very process still runs. A zombie counts as gone: it does nothing any more.
    public var isAlive: Bool {
        guard boot == ProcessIdentity.currentBoot, let entry = ProcessTable.entry(pid) else { return false }
        return entry.startTicks == startTicks && !entry.isZombie
    }

    private static let currentBoot: String = {
        let text = StateFile.text("/proc/sys/kernel/random/boot_id") ?? ""
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "unknown"
    }()
}

extension ProcessIdentity {
    public var json: JSON {
        ["pid": JSON(Int(pid)), "startTicks": JSON(Int(startTicks)), "boot": JSON(boot)]
    }

    public init?(json: JSON) {
        guard let pid = json["pid"].integer, let ticks = json["startTicks"].integer, ticks >= 0,
            let number = Int32(exactly: pid), let boot = json["boot"].string
        else { return nil }
        self.init(pid: number, startTicks: UInt64(ticks), boot: boot)
    }
}

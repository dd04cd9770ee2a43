import Glibc

/// What processes use of the machine. Source: proc(5).
public struct ProcessUse: Sendable, Equatable {
    /// User and system time.
    public var processorSeconds = 0.0
    public var residentBytes: Int64 = 0

    /// The use of processes and everything below them; those that are gone count nothing.
    public static func sum(of roots: [ProcessIdentity]) -> ProcessUse {
        guard !roots.isEmpty else { return ProcessUse() }
        let alive = Set(roots.filter(\.isAlive).map(\.pid))
        let table = ProcessTable.all()
        let family = table.filter { alive.contains($0.pid) } + ProcessTable.descendants(of: alive, in: table)
        return family.reduce(into: ProcessUse()) { use, entry in
            use.residentBytes += entry.residentBytes
            use.processorSeconds += entry.processorSeconds
        }
    }
}

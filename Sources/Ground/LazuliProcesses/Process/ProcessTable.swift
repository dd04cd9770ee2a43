import Glibc

/// The processes of this machine as `/proc` shows them. Source: proc(5).
enum ProcessTable {
    struct Entry: Sendable, Equatable {
        let pid: Int32
        let parent: Int32
        let isZombie: Bool
        let startTicks: UInt64
        let residentBytes: Int64
        /// User and system time, without that of children.
        let processorSeconds: Double
    }

    static func entry(_ pid: Int32) -> Entry? {
        StateFile.bytes("/proc/\(pid)/stat").flatMap { parse($0, pid: pid) }
    }

    static func all() -> [Entry] {
        StateFile.names(in: "/proc").compactMap { Int32($0).flatMap(entry) }
    }

    /// The value of one variable in the environment a process was started with; nil if unset or not readable.
    static func variable(_ name: String, of pid: Int32) -> String? {
        guard let bytes = StateFile.bytes("/proc/\(pid)/environ") else { return nil }
        let prefix = Array("\(name)=".utf8)
        for pair in bytes.split(separator: 0) where pair.starts(with: prefix) {
            return String(decoding: pair.dropFirst(prefix.count), as: UTF8.self)
        }
        return nil
    }

    /// Everything below the roots (the roots themselves left out) in a table of processes.
    static func descendants(of roots: Set<Int32>, in table: [Entry]) -> [Entry] {
        let children = Dictionary(grouping: table, by: \.parent)
        var found: [Entry] = []
        var frontier = Array(roots)
        var seen = roots
        while let parent = frontier.popLast() {
            for child in children[parent] ?? [] where seen.insert(child.pid).inserted {
                found.append(child)
                frontier.append(child.pid)
            }
        }
        return found
    }

    /// The command name stands in parentheses and may itself hold spaces and parentheses: count from the last one.
    static func parse(_ stat: [UInt8], pid: Int32) -> Entry? {
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(end + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 21, let parent = Int32(fields[1]), let ticks = UInt64(fields[19]),
            let pages = Int64(fields[21]), let user = Double(fields[11]), let system = Double(fields[12])
        else { return nil }
        return Entry(
            pid: pid, parent: parent, isZombie: fields[0] == "Z" || fields[0] == "X", startTicks: ticks,
            residentBytes: pages * Int64(sysconf(Int32(_SC_PAGESIZE))),
            processorSeconds: (user + system) / Double(sysconf(Int32(_SC_CLK_TCK))))
    }
}

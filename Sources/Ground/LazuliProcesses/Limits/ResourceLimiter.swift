/// Holds the processes of one job to limits. Each implementation limits one thing in one way.
protocol ResourceLimiter {
    /// For people: what is limited to how much, and by which means.
    var description: String { get }
    /// Control groups it made, to be removed when the job is over; empty for other means.
    var controlGroups: [String] { get }
    /// How often the supervisor must look (seconds); nil if the system enforces the limit alone.
    var watchInterval: Double? { get }

    /// Puts the supervisor itself under the limit, so that processes it starts are born there.
    func enter() throws
    /// Takes the supervisor out again.
    func leave()
    /// The limit was broken, seen from outside: a sentence, or nil. `residentBytes` is the use of the whole tree.
    func breach(residentBytes: Int64) -> String?
    /// The system killed a process of the job for breaking the limit: a sentence, or nil.
    func killedByLimit() -> String?
    /// Removes what was made; called when no process of the job is left.
    func remove()
}

extension ResourceLimiter {
    var controlGroups: [String] { [] }
    var watchInterval: Double? { nil }
    func enter() throws {}
    func leave() {}
    func breach(residentBytes: Int64) -> String? { nil }
    func killedByLimit() -> String? { nil }
    func remove() {}
}

/// All limiters of one job.
struct LimiterSet {
    let limiters: [any ResourceLimiter]

    var description: String {
        limiters.isEmpty ? "no limits of memory or processor" : limiters.map(\.description).joined(separator: "; ")
    }
    var controlGroups: [String] { limiters.flatMap(\.controlGroups) }
    var watchInterval: Double? { limiters.compactMap(\.watchInterval).min() }

    func enter() throws { for limiter in limiters { try limiter.enter() } }
    func leave() { for limiter in limiters { limiter.leave() } }
    func breach(residentBytes: Int64) -> String? {
        limiters.lazy.compactMap { $0.breach(residentBytes: residentBytes) }.first
    }
    func killedByLimit() -> String? { limiters.lazy.compactMap { $0.killedByLimit() }.first }
    func remove() { for limiter in limiters { limiter.remove() } }
}

extension LimiterSet {
    /// The strongest limiters this machine allows: control groups v2, else v1, else watching.
    ///
    /// - Parameter name: of the control groups; must be unique on this machine.
    static func choose(for limits: SupervisorPlan.Limits, in groups: ControlGroups, name: String) -> LimiterSet {
        let mayUseGroups = limits.enforcement == .strongest
        let wantsAny = limits.memoryBytes != nil || limits.processorCores != nil
        if mayUseGroups, wantsAny, let parent = groups.unified,
            let limiter = try? UnifiedGroupLimiter(
                parent: parent, name: name, memoryBytes: limits.memoryBytes, cores: limits.processorCores)
        {
            return LimiterSet(limiters: [limiter])
        }
        var limiters: [any ResourceLimiter] = []
        if let bytes = limits.memoryBytes {
            let group = mayUseGroups ? groups.parent(of: "memory") : nil
            let strong = group.flatMap { try? MemoryGroupLimiter(parent: $0, name: name, bytes: bytes) }
            limiters.append(strong ?? MemoryWatch(bytes: bytes))
        }
        if let cores = limits.processorCores {
            let group = mayUseGroups ? groups.parent(of: "cpu") : nil
            let strong = group.flatMap { try? ProcessorGroupLimiter(parent: $0, name: name, cores: cores) }
            limiters.append(strong ?? ProcessorAffinity(cores: cores))
        }
        return LimiterSet(limiters: limiters)
    }
}

/// Sizes for people.
enum ByteText {
    /// `512 MiB`, `1.5 GiB`, `100 bytes`.
    static func of(_ bytes: Int64) -> String {
        let units: [(Int64, String)] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        guard let (size, unit) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) bytes" }
        return "\(Decimal1.of(Double(bytes) / Double(size))) \(unit)"
    }
}

/// Numbers with at most one decimal place.
enum Decimal1 {
    static func of(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        return tenths.truncatingRemainder(dividingBy: 10) == 0 ? "\(Int(tenths / 10))" : "\(tenths / 10)"
    }
}

extension Double {
    /// `1 processor core`, `2.5 processor cores`.
    var coresText: String { self == 1 ? "1 processor core" : "\(Decimal1.of(self)) processor cores" }
}

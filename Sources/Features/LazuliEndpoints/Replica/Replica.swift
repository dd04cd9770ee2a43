import Foundation
import LazuliProcesses
import LazuliResources

/// One model host under its supervisor.
struct Replica: Sendable, Hashable {
    let address: ReplicaAddress
    /// The supervisor's folder.
    let folder: URL
    let supervisor: ProcessIdentity
    /// Milliseconds since 1970.
    let startedAt: Int64

    static func == (left: Replica, right: Replica) -> Bool { left.address == right.address }
    func hash(into hasher: inout Hasher) { hasher.combine(address) }

    // MARK: - Starting

    /// Starts a host; it is not ready yet.
    static func start(
        _ launch: ReplicaLaunch, in generation: GenerationFolder, sockets: URL, log: URL, executable: String,
        at time: Int64
    ) throws -> Replica {
        let name = Self.freshName()
        let folder = generation.replica(name), files = FileManager.default
        try files.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let address = ReplicaAddress(
            id: name, socket: sockets.appendingPathComponent("\(name).sock").path,
            progress: folder.appendingPathComponent("progress").path)
        try Data(count: progressBytes).write(to: URL(fileURLWithPath: address.progress))
        let plan = folder.appendingPathComponent("host.json")
        try StateFile.replace(plan.path, with: hostPlan(launch, address), mode: 0o600, durable: false)
        try supervisorPlan(launch, plan: plan, log: log).write(to: folder.path)
        let supervisor = try Supervisor.launch(executable: executable, folder: folder.path)
        return Replica(address: address, folder: folder, supervisor: supervisor, startedAt: time)
    }

    /// Documentation/Scoring-hosts.md, "Progress".
    private static let progressBytes = 64
    /// A host that was asked to end has nothing to do any more, or is stuck.
    private static let graceSeconds = 5.0

    private static func freshName() -> String {
        (0..<8).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
    }

    private static func hostPlan(_ launch: ReplicaLaunch, _ address: ReplicaAddress) -> JSON {
        var plan = launch.plan
        plan["socket"] = .string(address.socket)
        plan["progress"] = .string(address.progress)
        return plan
    }

    private static func supervisorPlan(_ launch: ReplicaLaunch, plan: URL, log: URL) -> SupervisorPlan {
        var limits = SupervisorPlan.Limits()
        limits.memoryBytes = launch.memoryBytes
        limits.processorCores = launch.cores
        limits.graceSeconds = graceSeconds
        // Its log is kept short by the server.
        limits.logBytes = .max
        limits.observesUse = false
        let command = SupervisorPlan.Command(
            arguments: [launch.executable] + launch.arguments + [plan.path], environment: launch.environment,
            workingDirectory: launch.workingDirectory, logPath: log.path)
        return SupervisorPlan(
            processes: [command], limits: limits, files: .init(readOnly: launch.readOnly, writable: []))
    }

    // MARK: - Watching

    /// The replicas of a generation that an earlier server left running.
    static func running(in generation: GenerationFolder, sockets: URL) -> [Replica] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: generation.replicas.path)) ?? []
        return names.sorted().compactMap { name in
            let folder = generation.replica(name)
            guard case .running(let running) = Supervisor.status(folder: folder.path) else { return nil }
            let address = ReplicaAddress(
                id: name, socket: sockets.appendingPathComponent("\(name).sock").path,
                progress: folder.appendingPathComponent("progress").path)
            return Replica(
                address: address, folder: folder, supervisor: running.supervisor, startedAt: running.startedAt ?? 0)
        }
    }

    /// How it ended; nil while it runs.
    var outcome: Outcome? {
        switch Supervisor.status(folder: folder.path) {
        case .ended(let outcome): outcome
        case .lost: (try? Supervisor.cleanUpAfterLostSupervisor(folder: folder.path)) ?? nil
        case .notStarted, .running: nil
        }
    }

    /// Process numbers of the host and what it started, for their use of the machine.
    var processes: [ProcessIdentity] {
        guard case .running(let running) = Supervisor.status(folder: folder.path) else { return [] }
        return running.processes
    }

    /// Waits until the host takes connections.
    /// - Returns: false when it ended, or the deadline went by.
    func isReady(before deadline: ContinuousClock.Instant) async throws -> Bool {
        let clock = ContinuousClock()
        while clock.now < deadline {
            if UnixSocket.accepts(address.socket) { return true }
            guard supervisor.isAlive else { return false }
            try await clock.sleep(for: .milliseconds(5))
        }
        return false
    }

    // MARK: - Ending

    /// Ends the host and removes its files. What it had taken in must be answered by now.
    func end() async {
        try? Supervisor.cancel(folder: folder.path)
        _ = try? await ProcessExit.wait(for: supervisor)
        // A supervisor that was killed leaves its host behind: asking how it ended cleans up after it.
        _ = outcome
        removeFiles()
    }

    func removeFiles() {
        try? FileManager.default.removeItem(atPath: address.socket)
        try? FileManager.default.removeItem(at: folder)
    }
}

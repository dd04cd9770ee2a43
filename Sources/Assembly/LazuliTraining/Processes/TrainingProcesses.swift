import LazuliLearning
import LazuliProcesses
import LazuliResources

/// Training in processes of their own: one that dies loses its order and nothing else.
actor TrainingProcesses: TrainingPool {
    /// What a process is started with.
    struct Settings: Sendable {
        var executable: String
        var environment: [String: String]
        /// The shared files; what processes complain of goes to `training.log` in it.
        var folder: TrainingFolder
    }

    nonisolated let parallelism: Parallelism
    private let settings: Settings
    private var idle: [TrainingProcess] = []
    private var isOver = false
    private var busy: [ObjectIdentifier: TrainingProcess] = [:]

    init(_ parallelism: Parallelism, _ settings: Settings) {
        self.parallelism = parallelism
        self.settings = settings
    }

    func run(_ order: TrainingOrder) async -> TrainingReply {
        func lost(_ fault: String) -> TrainingReply {
            TrainingReply(number: order.number, rounds: 0, seconds: 0, processorSeconds: 0, fault: fault)
        }
        guard !isOver else { return lost(Self.stopped) }
        let process: TrainingProcess
        do {
            process = try takeProcess(for: order)
        } catch {
            return lost("A training process could not be started: \(error)")
        }
        busy[ObjectIdentifier(process)] = process
        let reply = await process.carryOut(order)
        busy[ObjectIdentifier(process)] = nil
        guard let reply else { return lost(isOver ? Self.stopped : process.reasonOfEnd) }
        idle.append(process)
        return reply
    }

    private static let stopped = "The experiment was stopped."

    /// Preferably one that has the features of the order's fold at hand.
    private func takeProcess(for order: TrainingOrder) throws -> TrainingProcess {
        let place = idle.firstIndex { $0.lastFold == order.fold } ?? idle.indices.last
        if let place { return idle.remove(at: place) }
        return try TrainingProcess(settings)
    }

    /// Ends what is under way; new orders find new processes.
    func stopOrders() {
        for process in busy.values { process.kill() }
    }

    func end() {
        isOver = true
        for process in idle + busy.values { process.kill() }
        idle = []
    }
}

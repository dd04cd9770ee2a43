/// Processes, or a stand-in for them, that carry out training orders.
package protocol TrainingPool: Sendable {
    /// Orders that can be carried out at the same time, and threads that each may take.
    var parallelism: Parallelism { get }
    /// Carries out an order. A process that dies, or does not answer in time, gives a reply with a fault.
    func run(_ order: TrainingOrder) async -> TrainingReply
    /// Ends all processes.
    func end() async
}

extension TrainingPool {
    /// Orders that can be carried out at the same time.
    var size: Int { parallelism.trials }
}

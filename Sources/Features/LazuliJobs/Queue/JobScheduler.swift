import GRDB
import LazuliDomain
package import LazuliPersistence
import LazuliResources
import Logging
import ServiceLifecycle

/// The queue: gives waiting jobs the nodes of their computes, oldest first, and takes running ones up again after a
/// restart.
package actor JobScheduler: Service {
    /// The computes of a workspace and of the machine itself.
    private struct PoolKey: Hashable {
        let scope: String
        let compute: String
    }

    private let database: StateDatabase
    private let runner: JobRunner
    private let computes: @Sendable (JobRecord) async throws -> ComputeTarget
    private let clock: WallClock
    private let logger: Logger
    /// How many nodes the machine itself offers to jobs that name no compute.
    private let serverlessNodes: Int

    private var waiting: [JobRecord] = []
    private var pools: [PoolKey: NodePool] = [:]
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(
        database: StateDatabase, runner: JobRunner, serverlessNodes: Int, clock: WallClock, logger: Logger,
        computes: @escaping @Sendable (JobRecord) async throws -> ComputeTarget
    ) {
        self.database = database
        self.runner = runner
        self.serverlessNodes = serverlessNodes
        self.clock = clock
        self.logger = logger
        self.computes = computes
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: - Running

    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                try await recover(into: &group)
                for await _ in signals { try await admit(into: &group) }
                // Jobs go on under their supervisors; the next start takes them up again.
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.signal.finish()
        }
    }

    /// After a restart: running jobs are watched again, the others stand in the queue as before.
    private func recover(into group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        for job in try await database.read({ try JobTable.unfinished($0) }) {
            if job.status == .queued || job.status == .notStarted {
                waiting.append(job)
            } else {
                if let key = try? await pool(of: job) { pools[key]?.take(job.nodes, for: job) }
                start(job, resuming: true, in: &group)
            }
        }
        signal.yield()
    }

    private func admit(into group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        var full: Set<PoolKey> = []
        for job in waiting {
            let key = PoolKey(scope: job.scope.key, compute: job.compute)
            guard !full.contains(key) else { continue }
            do {
                _ = try await pool(of: job)
            } catch let error as ServiceError {
                waiting.removeAll { $0.id == job.id }
                await runner.fail(job, error)
                continue
            }
            guard waiting.contains(where: { $0.id == job.id }) else { continue }
            guard pools[key]?.canHold(job.nodes, serverlessNodes: serverlessNodes) == true else {
                full.insert(key)
                continue
            }
            pools[key]?.take(job.nodes, for: job)
            waiting.removeAll { $0.id == job.id }
            start(job, resuming: false, in: &group)
        }
    }

    private func start(
        _ job: JobRecord, resuming: Bool, in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        group.addTask {
            if resuming { await self.runner.resume(job) } else { await self.runner.run(job) }
            await self.ended(job)
        }
    }

    private func ended(_ job: JobRecord) {
        pools[PoolKey(scope: job.scope.key, compute: job.compute)]?.release(job.id, at: clock.now())
        signal.yield()
    }

    /// The pool of a job's compute, with what the compute says of itself now.
    private func pool(of job: JobRecord) async throws -> PoolKey {
        let target = try await computes(job)
        let key = PoolKey(scope: job.scope.key, compute: job.compute)
        pools[key, default: NodePool(target)].update(target)
        return key
    }

    // MARK: - What others tell the queue

    func submitted(_ key: DocumentKey) async {
        let job = try? await database.read { database in
            try JobRecord.fetchOne(
                database, sql: "SELECT * FROM job WHERE scope = ? AND name = ? AND status = 'Queued'",
                arguments: [key.scope, key.name])
        }
        guard let job, !waiting.contains(where: { $0.id == job.id }) else { return }
        waiting.append(job)
        signal.yield()
    }

    /// A job that still waits is cancelled at once; one that runs gets its signal.
    func cancel(_ job: JobRecord) async {
        if waiting.contains(where: { $0.id == job.id }) {
            waiting.removeAll { $0.id == job.id }
            await runner.cancelWaiting(job)
        } else {
            runner.cancelRunning(job)
        }
    }

    package func computeChanged() { signal.yield() }

    package func load(of key: DocumentKey) -> NodeLoad {
        pools[PoolKey(scope: key.scope, compute: key.name)]?.load(at: clock.now()) ?? NodeLoad(busy: 0, idle: 0)
    }

    /// What a waiting job waits for; nil for a job that does not wait.
    func explanation(of job: JobRecord) -> String? {
        guard job.status == .queued, let place = waiting.firstIndex(where: { $0.id == job.id }) else { return nil }
        let ahead = waiting[..<place].count { $0.compute == job.compute && $0.scope == job.scope }
        return pools[PoolKey(scope: job.scope.key, compute: job.compute)]?
            .explanation(for: job, ahead: ahead, serverlessNodes: serverlessNodes)
    }
}

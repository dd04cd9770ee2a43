import Foundation
import LazuliDomain
import LazuliPersistence
import LazuliProcesses
import LazuliResources

/// The kinds of job that other features supply, beside the programs that run for them.
struct RunningKinds: Sendable {
    private let kinds: [any JobKind]
    private let ledger: any JobLedger
    private let database: StateDatabase

    init(_ kinds: [any JobKind], ledger: any JobLedger, database: StateDatabase) {
        self.kinds = kinds
        self.ledger = ledger
        self.database = database
    }

    /// The kind that runs a job; nil for a command job.
    func kind(of job: JobRecord) -> (any JobKind)? { kinds.first { $0.type == job.type } }

    /// Returns when the supervisor has ended; meanwhile the job's kind writes down what its program tells.
    func follow(_ job: JobRecord, _ folder: JobFolder, until supervisor: ProcessIdentity) async throws {
        guard let kind = kind(of: job) else {
            _ = try await ProcessExit.wait(for: supervisor)
            return
        }
        let running = try await running(job, folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await kind.follow(running, ledger) }
            defer { group.cancelAll() }
            _ = try await ProcessExit.wait(for: supervisor)
        }
    }

    func conclude(_ job: JobRecord, _ folder: JobFolder, _ outcome: Outcome) async throws -> JobConclusion {
        guard let kind = kind(of: job) else { return JobConclusion() }
        let end: JobStatus =
            outcome.reason == .cancelled ? .canceled : outcome.succeeded ? .completed : .failed
        return try await kind.conclude(try await running(job, folder), ledger, as: end)
    }

    private func running(_ job: JobRecord, _ folder: JobFolder) async throws -> RunningJob {
        let body = try await database.read { try DocumentTable.fetch(job.key, $0)?.body() } ?? .null
        return job.running(body["properties"], folder)
    }
}

extension JobRecord {
    func running(_ properties: JSON, _ folder: JobFolder) -> RunningJob {
        RunningJob(
            name: name, scope: scope, submittedBy: submittedBy, properties: properties, folder: folder.work,
            artifacts: folder.artifacts)
    }
}

import GRDB
import LazuliDomain
import LazuliPersistence
import LazuliResources

/// Moves jobs from state to state: each move is one transaction that holds the job, its reason and its MLflow run.
struct JobTransitions: Sendable {
    let database: StateDatabase
    let runs: any RunRecorder
    let clock: WallClock

    /// What a move brings with it.
    struct Change: Sendable {
        var reason: String
        var error: JSON?
        var facts: [(String, JSON)] = []
        /// The moment it happened, if the clock of another process says so.
        var at: Int64?
    }

    /// Applies an event.
    /// - Parameter also: more to be written in the same transaction when the move is made.
    /// - Returns: the job after it, or nil when the event came too late to matter.
    @discardableResult
    func apply(
        _ event: JobEvent, to job: JobRecord, _ change: Change,
        also: (@Sendable (Database) throws -> Void)? = nil
    ) async throws -> JobRecord? {
        let now = change.at ?? clock.now(), runs = runs
        return try await database.write { database in
            guard var record = try JobTable.fetch(job.name, in: job.scope, database),
                let next = record.status.next(on: event)
            else { return nil }
            record.status = next
            record.reason = change.reason
            if let error = change.error { record.error = error }
            for (key, value) in change.facts { record.facts[key] = value }
            if next == .running, record.startedAt == nil { record.startedAt = now }
            if next.isFinal { record.endedAt = now }
            try JobTable.save(record, database)
            if let status = Self.runStatus(next, event) {
                try runs.set(status, ofRun: record.name, at: now, in: record.scope, database)
            }
            try also?(database)
            return record
        }
    }

    private static func runStatus(_ status: JobStatus, _ event: JobEvent) -> RunStatus? {
        switch status {
        case .running where event == .started: .running
        case .completed: .finished
        case .failed: .failed
        case .canceled: .killed
        default: nil
        }
    }
}

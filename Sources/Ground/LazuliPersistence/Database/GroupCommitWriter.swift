import Dispatch
import GRDB
import LazuliResources
import Synchronization

/// Gathers the writes that arrive while a commit is being flushed and commits them together: one flush for many.
///
/// Each write runs in a savepoint of its own, so that one that fails leaves the others untouched.
final class GroupCommitWriter: Sendable {
    /// One caller's write: `perform` runs it and keeps its result, `finish` hands the result over once it is durable.
    private struct Step: Sendable {
        let perform: @Sendable (Database) throws -> Void
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct Waiting {
        var steps: [Step] = []
        var isDraining = false
    }

    private static let largestGroup = 256
    private let pool: DatabasePool
    private let waiting = Mutex(Waiting())
    private let queue = DispatchQueue(label: "lazuli.database.writer")

    init(pool: DatabasePool) { self.pool = pool }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let kept = Kept<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            let step = Step(
                perform: { database in
                    kept.value.withLock { $0 = nil }
                    let value = try body(database)
                    kept.value.withLock { $0 = value }
                },
                finish: { error in
                    if let error {
                        continuation.resume(throwing: error)
                    } else if let value = kept.value.withLock({ $0 }) {
                        continuation.resume(returning: value)
                    } else {
                        continuation.resume(throwing: ServiceError(.internalError, "A write ended without a result."))
                    }
                })
            enqueue(step)
        }
    }

    private final class Kept<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    private func enqueue(_ step: Step) {
        let mustStart = waiting.withLock { waiting in
            waiting.steps.append(step)
            defer { waiting.isDraining = true }
            return !waiting.isDraining
        }
        if mustStart { queue.async { self.drain() } }
    }

    private func drain() {
        while let group = nextGroup() { commit(group) }
    }

    private func nextGroup() -> [Step]? {
        waiting.withLock { waiting in
            guard !waiting.steps.isEmpty else {
                waiting.isDraining = false
                return nil
            }
            let group = Array(waiting.steps.prefix(Self.largestGroup))
            waiting.steps.removeFirst(group.count)
            return group
        }
    }

    private func commit(_ group: [Step]) {
        var failures: [(any Error)?] = Array(repeating: nil, count: group.count)
        do {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for (index, step) in group.enumerated() {
                        do {
                            try database.inSavepoint {
                                try step.perform(database)
                                return .commit
                            }
                        } catch let error as DatabaseError where error.endsTransaction {
                            throw error
                        } catch {
                            failures[index] = error
                        }
                    }
                    return .commit
                }
            }
        } catch {
            failures = group.indices.map { failures[$0] ?? error }
        }
        for (index, step) in group.enumerated() { step.finish(failures[index].map(Self.serviceError)) }
    }

    private static func serviceError(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR:
            return ServiceError(
                .insufficientStorage,
                "The state folder's disk is full or failing: nothing was stored. Free some space and try again.",
                cause: error.message)
        default: return error
        }
    }
}

extension DatabaseError {
    /// Whether SQLite has rolled the whole transaction back, and not just the statement.
    fileprivate var endsTransaction: Bool {
        switch resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_INTERRUPT, .SQLITE_CORRUPT: true
        default: false
        }
    }
}

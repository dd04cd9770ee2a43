import Foundation
import LazuliDomain
import LazuliPersistence
import LazuliProcesses
import LazuliResources
import Logging

/// Takes one job from the queue to its end. It never throws: whatever goes wrong becomes the job's own error.
struct JobRunner: Sendable {
    let database: StateDatabase
    let transitions: JobTransitions
    let preparation: JobPreparation
    let kinds: RunningKinds
    let datastores: any DatastoreDirectory
    let settings: JobSettings
    let ending: JobEnding
    let target: @Sendable (JobRecord) async throws -> ComputeTarget
    let logger: Logger

    // MARK: - From the queue

    func run(_ job: JobRecord) async {
        do {
            guard
                let admitted = try await transitions.apply(
                    .admitted, to: job, .init(reason: "Prepares its environment."))
            else { return try await confirmCancelled(job) }
            let folder = try await folder(of: admitted)
            let body = try await database.read { try DocumentTable.fetch(job.key, $0)?.body() } ?? .null
            let size = try await target(admitted).size.map(VMSize.named)
            let (plan, limits) = try await preparation.plan(
                admitted, body["properties"], kinds.kind(of: admitted), size, folder)
            guard try await isStillWanted(admitted) else { return try await confirmCancelled(admitted) }
            try plan.write(to: folder.control.path)
            let supervisor = try Supervisor.launch(executable: settings.executable, folder: folder.control.path)
            try await transitions.apply(.started, to: admitted, .init(reason: "", facts: [("limits", .string(limits))]))
            if try await !isStillWanted(admitted) { try Supervisor.cancel(folder: folder.control.path) }
            try await kinds.follow(admitted, folder, until: supervisor)
            try await settle(admitted, folder)
        } catch is CancellationError {
            // The server stops; the supervisor and the next start go on from here.
        } catch {
            await fail(job, error)
        }
    }

    /// After a restart of the server.
    func resume(_ job: JobRecord) async {
        do {
            let folder = try await folder(of: job)
            switch Supervisor.status(folder: folder.control.path) {
            case .running(let running):
                try await kinds.follow(job, folder, until: running.supervisor)
                try await settle(job, folder)
            case .ended, .lost: try await settle(job, folder)
            case .notStarted:
                if job.status == .cancelRequested { return try await confirmCancelled(job) }
                try await restart(job)
            }
        } catch is CancellationError {
            // As above.
        } catch {
            await fail(job, error)
        }
    }

    /// The server ended between giving the job a node and starting it: nothing has run yet, so it starts over.
    private func restart(_ job: JobRecord) async throws {
        let queued = try await database.write { database -> JobRecord? in
            guard var record = try JobTable.fetch(job.name, in: job.scope, database), !record.status.isFinal else {
                return nil
            }
            record.status = .queued
            try JobTable.save(record, database)
            return record
        }
        if let queued { await run(queued) }
    }

    private func folder(of job: JobRecord) async throws -> JobFolder {
        let store = try await datastores.location(ofDatastore: BuiltInDatastore.artifacts, in: job.scope)
        return JobFolder(job, jobsFolder: settings.jobsFolder, artifactContainer: store.folder)
    }

    // MARK: - Ending

    private func settle(_ job: JobRecord, _ folder: JobFolder) async throws {
        let outcome: Outcome
        switch Supervisor.status(folder: folder.control.path) {
        case .ended(let ended): outcome = ended
        case .lost(let sentence):
            outcome =
                try Supervisor.cleanUpAfterLostSupervisor(folder: folder.control.path)
                ?? Outcome(reason: .supervisorLost, sentence: sentence, endedAt: transitions.clock.now())
        case .notStarted, .running:
            throw ServiceError(.internalError, "The job's supervisor ended without saying how the job did.")
        }
        let conclusion = try await kinds.conclude(job, folder, outcome)
        try await ending.settle(job, outcome, folder, conclusion)
        for done in [folder.work, folder.fetched, folder.packages] { try? FileManager.default.removeItem(at: done) }
    }

    private func isStillWanted(_ job: JobRecord) async throws -> Bool {
        try await database.read { try JobTable.fetch(job.name, in: job.scope, $0)?.status != .cancelRequested }
    }

    private func confirmCancelled(_ job: JobRecord) async throws {
        try await transitions.apply(.canceled, to: job, .init(reason: "Cancelled before it ran."))
    }

    func cancelWaiting(_ job: JobRecord) async {
        do {
            try await confirmCancelled(job)
        } catch {
            logger.error("cancel failed", metadata: ["job": "\(job.name)", "error": "\(error)"])
        }
    }

    nonisolated func cancelRunning(_ job: JobRecord) {
        let folder = JobFolder.control(job, jobsFolder: settings.jobsFolder)
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        do {
            try Supervisor.cancel(folder: folder.path)
        } catch {
            logger.error("cancel failed", metadata: ["job": "\(job.name)", "error": "\(error)"])
        }
    }

    /// Ends a job with an error that came before or beside its command.
    func fail(_ job: JobRecord, _ error: any Error) async {
        let known =
            error as? ServiceError
            ?? ServiceError(.internalError, "The server could not run the job: \(error)")
        let body: JSON = [
            "code": known.code == .internalError ? "SystemError" : "UserError", "message": .string(known.message),
            "details": .array(
                known.details.map { ["code": .string($0.code.rawValue), "message": .string($0.message)] }),
        ]
        do {
            try await transitions.apply(.failed, to: job, .init(reason: known.message, error: body))
        } catch {
            logger.error("job end not stored", metadata: ["job": "\(job.name)", "error": "\(error)"])
        }
    }
}

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
    let staging: JobStaging
    let code: CodeStaging
    let datastores: any DatastoreDirectory
    let assets: any AssetCatalog
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
            let (plan, limits) = try await prepare(admitted, folder)
            guard try await isStillWanted(admitted) else { return try await confirmCancelled(admitted) }
            try plan.write(to: folder.control.path)
            let supervisor = try Supervisor.launch(executable: settings.executable, folder: folder.control.path)
            try await transitions.apply(.started, to: admitted, .init(reason: "", facts: [("limits", .string(limits))]))
            if try await !isStillWanted(admitted) { try Supervisor.cancel(folder: folder.control.path) }
            _ = try await ProcessExit.wait(for: supervisor)
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
                _ = try await ProcessExit.wait(for: running.supervisor)
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

    // MARK: - Preparing

    private func prepare(_ job: JobRecord, _ folder: JobFolder) async throws -> (SupervisorPlan, limits: String) {
        let body = try await database.read { try DocumentTable.fetch(job.key, $0)?.body() } ?? .null
        let request = CommandJob(name: job.name, properties: body["properties"])
        try folder.prepare()
        let asset = try await assets.resolve(request.environmentID, kind: .environments, in: job.scope)
        let environment = try await readyEnvironment(asset, folder)
        if let codeID = request.codeID { try await code.stage(codeID, in: job.scope, to: folder.work) }
        try folder.linkArtifactFolders()
        let ports = try await staging.stagePorts(request, name: job.name, in: job.scope, folder)
        let size = try await target(job).size.map(VMSize.named)
        let variables = try await JobVariables(settings: settings).variables(
            for: request, job, ports, environment, cores: size?.cores, folder)
        try sayNotices(asset.notices + environment.notices, folder)
        let command = try CommandExpression(values: ports.values).filled(request.command)
        return plan(request, size, command, variables, ports, folder)
    }

    private func readyEnvironment(_ asset: ResolvedAsset, _ folder: JobFolder) async throws -> ReadyEnvironment {
        let log = LineLog(folder.log(JobFolder.environmentLog))
        return try await settings.environment(asset) { log.append($0) }
    }

    /// What was changed for the job's sake stands at the head of its log, where no one misses it.
    private func sayNotices(_ notices: [String], _ folder: JobFolder) throws {
        guard !notices.isEmpty else { return }
        let log = LineLog(folder.log(JobFolder.userLog))
        for notice in notices { log.append("[lazuli] \(notice)") }
    }

    private func plan(
        _ request: CommandJob, _ size: VMSize?, _ command: String, _ variables: [String: String],
        _ ports: JobStaging.Ports, _ folder: JobFolder
    ) -> (SupervisorPlan, limits: String) {
        let distribution = Distribution(request.distribution, nodes: request.instanceCount)
        let port = distribution.processCount > 1 ? Int.random(in: 20_000..<60_000) : 0
        let processes = (0..<distribution.processCount).map { rank in
            SupervisorPlan.Command(
                arguments: ["/bin/bash", "-c", command],
                environment: variables.merging(distribution.variables(process: rank, port: port)) { $1 },
                workingDirectory: folder.work.path, logPath: folder.log(JobFolder.log(process: rank)).path)
        }
        var limits = SupervisorPlan.Limits()
        limits.timeoutSeconds = request.timeoutSeconds
        var words = "none: the job may use the whole machine"
        if let size {
            limits.memoryBytes = size.memoryBytes * Int64(request.instanceCount)
            limits.processorCores = Double(size.cores * request.instanceCount)
            words = "\(size.name): \(size.cores) cores and \(size.memoryGiB) GiB a node"
        }
        // A file output is written into the folder it lies in.
        let outputs = request.outputs.compactMap { name, output in
            output.type == "uri_file"
                ? ports.outputPlaces[name]?.deletingLastPathComponent() : ports.outputPlaces[name]
        }
        let files = SupervisorPlan.Files(
            readOnly: ports.readOnly.map(\.path), writable: ([folder.artifacts] + outputs).map(\.path))
        return (SupervisorPlan(processes: processes, limits: limits, files: files), words)
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
        try await ending.settle(job, outcome, folder)
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

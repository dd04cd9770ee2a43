import Glibc
import LazuliResources

/// The small detached process that runs one job, and the server's view of it.
///
/// The server writes a plan into a folder (`SupervisorPlan.write`) and launches a supervisor on it. From then on the
/// two share nothing but files and signals, so that either may die and the other finds its way:
///
///     plan.json        server → supervisor: what to run
///     launched.json    the server: whom it started
///     supervisor.json  who supervises (process number and start time)
///     state.json       `started`, then `ended` with the outcome
///     cancel           server → supervisor: please end
public enum Supervisor {
    /// Starts `executable child job <folder>` in a session of its own: it outlives the server.
    ///
    /// Its end is awaited in the background, so that it never stays a zombie.
    /// - Throws: `internalError` when the process cannot be started.
    @discardableResult
    public static func launch(executable: String, folder: String) throws -> ProcessIdentity {
        let order = SpawnedProcess.Order(
            executable: executable, arguments: [executable, "child", "job", folder],
            environment: neededVariables(), workingDirectory: nil,
            log: SupervisedFolder(folder).supervisorLog)
        do {
            let pid = try SpawnedProcess.start(order)
            // Even when it has ended already it is a zombie until we wait for it, and has an identity.
            guard let identity = ProcessIdentity(pid: pid) else {
                throw ServiceError(.internalError, "The supervisor of \(folder) vanished while starting.")
            }
            ExitWatch.shared.reapWhenEnded(identity)
            let record = SupervisorRecord(identity: identity, controlGroups: [])
            try StateFile.replace(SupervisedFolder(folder).launched, with: record.json, durable: false)
            return identity
        } catch let failure as SystemFailure {
            throw ServiceError(
                .internalError, "The job's supervisor could not be started. \(failure.description)", target: folder)
        }
    }

    /// What the folder says about its job. Reads two small files and `/proc`.
    public static func status(folder: String) -> SupervisedState {
        let files = SupervisedFolder(folder)
        // The supervisor before the state: it may end in between, and then its last word must not be missed.
        let record = files.supervisorRecord()
        let launched = record == nil ? files.launchedRecord() : nil
        let isAlive = (record ?? launched)?.identity.isAlive ?? false
        let state = StateFile.json(files.state).flatMap(StateRecord.init(json:))
        switch (record, state) {
        case (_, .ended(let outcome)): return .ended(outcome)
        case (nil, _):
            guard let launched, !isAlive else { return .notStarted }
            return .lost(stillbornSentence(launched, files))
        case (let record?, let state) where isAlive: return .running(running(record, state))
        case (let record?, let state): return .lost(lostSentence(record, state))
        }
    }

    /// Asks the supervisor to end its job: SIGTERM to the whole tree, and SIGKILL after the grace of the plan.
    ///
    /// It may be called at any time and more than once: a supervisor that is only just starting finds the request.
    /// - Throws: `internalError` when the request cannot be written.
    public static func cancel(folder: String) throws {
        let files = SupervisedFolder(folder)
        let descriptor = open(files.cancelRequest, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let failure = SystemFailure("write", files.cancelRequest)
            throw ServiceError(.internalError, "The job could not be cancelled. \(failure)", target: folder)
        }
        close(descriptor)
        guard let record = files.supervisorRecord(), record.identity.isAlive else { return }
        kill(record.identity.pid, SIGTERM)
    }

    private static func running(_ record: SupervisorRecord, _ state: StateRecord?) -> SupervisedState.Running {
        guard case .started(let processes, let time, let limits) = state else {
            return SupervisedState.Running(supervisor: record.identity, processes: [], startedAt: nil, limits: "")
        }
        return SupervisedState.Running(
            supervisor: record.identity, processes: processes, startedAt: time, limits: limits)
    }

    private static func lostSentence(_ record: SupervisorRecord, _ state: StateRecord?) -> String {
        let moment = state == nil ? "before the job started" : "while the job was running"
        return "The supervisor of this job (process \(record.identity.pid)) was killed, or the machine went down, "
            + "\(moment). The job cannot be continued: submit it again."
    }

    /// It ended before its first file: what it printed says why.
    private static func stillbornSentence(_ record: SupervisorRecord, _ files: SupervisedFolder) -> String {
        let last = LogTail.lastLines(of: files.supervisorLog, count: 1).first.map { " It said: \($0)" } ?? ""
        return "The supervisor of this job (process \(record.identity.pid)) ended before it could start the job.\(last)"
    }

    /// The supervisor gets what a program needs to start, and none of the server's secrets.
    private static func neededVariables() -> [String: String] {
        var variables: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }
}

/// Where a supervised job stands.
public enum SupervisedState: Sendable, Equatable {
    /// No supervisor has shown itself yet. It takes some ten milliseconds after `launch`.
    case notStarted
    case running(Running)
    case ended(Outcome)
    /// The supervisor is gone without an outcome; call `Supervisor.cleanUpAfterLostSupervisor(folder:)`.
    case lost(String)

    public struct Running: Sendable, Equatable {
        public var supervisor: ProcessIdentity
        /// The main processes; empty until they are started.
        public var processes: [ProcessIdentity]
        /// Milliseconds since 1970.
        public var startedAt: Int64?
        /// Which limits apply and how they are enforced.
        public var limits: String
    }
}

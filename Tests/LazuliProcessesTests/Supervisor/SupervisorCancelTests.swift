import Foundation
import LazuliResources
import Testing

@testable import LazuliProcesses

@Suite("Cancelling and losing supervisors")
struct SupervisorCancelTests {
    /// Ignores SIGTERM and leaves a grandchild behind, in a session of its own, that ignores it too.
    private let stubborn = """
        trap '' TERM
        (setsid bash -c 'trap "" TERM; echo $BASHPID; while :; do sleep 1; done' &)
        while :; do sleep 1; done
        """

    @Test("Cancel ends a job that ignores SIGTERM and forks twice")
    func cancelStubborn() async throws {
        let job = try SupervisedJob()
        job.limits.graceSeconds = 0.3
        let supervisor = try job.launch(shell: stubborn)
        let grandchild = try #require(Int32(try await job.firstLine()))
        guard case .running(let running) = Supervisor.status(folder: job.folder) else {
            throw Unexpected("not running")
        }
        #expect(running.supervisor == supervisor)
        let main = try #require(running.processes.first)
        #expect(main.isAlive && isRunning(grandchild))

        try Supervisor.cancel(folder: job.folder)
        let outcome = try await job.outcome(after: supervisor)
        #expect(outcome.reason == .cancelled)
        #expect(outcome.status == .signaled(SIGKILL))
        #expect(!main.isAlive && !isRunning(grandchild))
    }

    @Test("A job may use its grace to end well, and is cancelled all the same")
    func cancelPolite() async throws {
        let job = try SupervisedJob()
        let supervisor = try job.launch(shell: "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done")
        _ = try await job.firstLine()
        try Supervisor.cancel(folder: job.folder)
        let outcome = try await job.outcome(after: supervisor)
        #expect(outcome.reason == .cancelled)
        #expect(outcome.status == .exited(code: 0))
        #expect(try job.logText().hasSuffix("bye\n"))
    }

    @Test("A request to cancel that comes before the supervisor is awake is not missed")
    func cancelEarly() async throws {
        let job = try SupervisedJob()
        try Supervisor.cancel(folder: job.folder)
        let outcome = try await job.run(shell: "echo never")
        #expect(outcome.reason == .cancelled)
        #expect(!FileManager.default.fileExists(atPath: job.log))
    }

    @Test("kill -9 of the supervisor: the state is lost, and cleaning up leaves no survivor")
    func lostSupervisor() async throws {
        let job = try SupervisedJob()
        job.limits.memoryBytes = 1 << 30
        let supervisor = try job.launch(shell: stubborn)
        let grandchild = try #require(Int32(try await job.firstLine()))
        kill(supervisor.pid, SIGKILL)
        try await ProcessExit.wait(for: supervisor)

        guard case .lost(let sentence) = Supervisor.status(folder: job.folder) else { throw Unexpected("not lost") }
        #expect(sentence.contains("was killed") && sentence.contains("\(supervisor.pid)"))
        let outcome = try #require(try Supervisor.cleanUpAfterLostSupervisor(folder: job.folder))
        #expect(outcome.reason == .supervisorLost)
        #expect(!isRunning(grandchild))
        #expect(Supervisor.status(folder: job.folder) == .ended(outcome))
        for group in try #require(record(job)).controlGroups { #expect(!FileManager.default.fileExists(atPath: group)) }
    }

    @Test("Without control groups the survivors are found by their mark")
    func lostSupervisorWithoutGroups() async throws {
        let job = try SupervisedJob()
        let supervisor = try job.launch(shell: stubborn)
        let grandchild = try #require(Int32(try await job.firstLine()))
        kill(supervisor.pid, SIGKILL)
        try await ProcessExit.wait(for: supervisor)
        try Supervisor.cleanUpAfterLostSupervisor(folder: job.folder)
        #expect(!isRunning(grandchild))
    }

    @Test("Cleaning up leaves a living supervisor and an ended job alone")
    func cleanUpIsCareful() async throws {
        let job = try SupervisedJob()
        let supervisor = try job.launch(shell: "echo up; read -t 300 < <(sleep 300)")
        _ = try await job.firstLine()
        #expect(try Supervisor.cleanUpAfterLostSupervisor(folder: job.folder) == nil)
        #expect(supervisor.isAlive)
        try Supervisor.cancel(folder: job.folder)
        let outcome = try await job.outcome(after: supervisor)
        #expect(try Supervisor.cleanUpAfterLostSupervisor(folder: job.folder) == outcome)
    }

    @Test("A process number that was used again is not taken for the supervisor")
    func processNumberUsedAgain() throws {
        let job = try SupervisedJob()
        let own = try #require(ProcessIdentity(pid: getpid()))
        let former = ProcessIdentity(pid: own.pid, startTicks: own.startTicks - 1, boot: own.boot)
        try write(SupervisorRecord(identity: former, controlGroups: []), job)
        guard case .lost = Supervisor.status(folder: job.folder) else { throw Unexpected("taken for alive") }

        let otherBoot = ProcessIdentity(pid: own.pid, startTicks: own.startTicks, boot: "another")
        try write(SupervisorRecord(identity: otherBoot, controlGroups: []), job)
        guard case .lost = Supervisor.status(folder: job.folder) else { throw Unexpected("taken for alive") }

        try write(SupervisorRecord(identity: own, controlGroups: []), job)
        guard case .running = Supervisor.status(folder: job.folder) else { throw Unexpected("taken for dead") }
    }

    @Test("A supervisor that dies before its first word is lost, with what it printed")
    func stillborn() async throws {
        let job = try SupervisedJob()
        // cat stands for a program that cannot make sense of its arguments.
        let supervisor = try Supervisor.launch(executable: "/bin/cat", folder: job.folder)
        try await ProcessExit.wait(for: supervisor)
        guard case .lost(let sentence) = Supervisor.status(folder: job.folder) else { throw Unexpected("not lost") }
        #expect(sentence.contains("ended before it could start the job. It said: /bin/cat: \(job.folder): "))
        #expect(try Supervisor.cleanUpAfterLostSupervisor(folder: job.folder)?.reason == .supervisorLost)
    }

    @Test("A supervisor that cannot be launched at all is an error at once")
    func unlaunchable() throws {
        let job = try SupervisedJob()
        let error = #expect(throws: ServiceError.self) {
            try Supervisor.launch(executable: "/no/such/lazuli", folder: job.folder)
        }
        #expect(error?.message.contains("/no/such/lazuli: No such file or directory") == true)
    }

    @Test("The supervisor leads a session of its own, so that nothing that ends the server's ends it")
    func ownSession() async throws {
        let job = try SupervisedJob()
        let supervisor = try job.launch(shell: "echo up; sleep 300")
        _ = try await job.firstLine()
        #expect(getsid(supervisor.pid) == supervisor.pid)
        guard case .running(let running) = Supervisor.status(folder: job.folder) else {
            throw Unexpected("not running")
        }
        let main = try #require(running.processes.first)
        #expect(getsid(main.pid) == main.pid)
        try Supervisor.cancel(folder: job.folder)
        _ = try await job.outcome(after: supervisor)
    }

    @Test("A folder without a supervisor is not started")
    func notStarted() throws {
        #expect(Supervisor.status(folder: try SupervisedJob().folder) == .notStarted)
    }

    private func record(_ job: SupervisedJob) -> SupervisorRecord? {
        StateFile.json(SupervisedFolder(job.folder).supervisor).flatMap(SupervisorRecord.init(json:))
    }

    private func write(_ record: SupervisorRecord, _ job: SupervisedJob) throws {
        try StateFile.replace(SupervisedFolder(job.folder).supervisor, with: record.json, durable: false)
    }
}

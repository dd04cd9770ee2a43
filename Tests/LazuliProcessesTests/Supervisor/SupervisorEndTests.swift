import Foundation
import Testing

@testable import LazuliProcesses

@Suite("How jobs end under a supervisor")
struct SupervisorEndTests {
    @Test("The exit code, the log and what was used are recorded")
    func exitCode() async throws {
        let job = try SupervisedJob()
        let outcome = try await job.run(
            shell: "echo out; echo err >&2; i=0; while ((i++ < 200000)); do :; done; exit 3")
        #expect(outcome.reason == .exited)
        #expect(outcome.status == .exited(code: 3))
        #expect(outcome.sentence == "The command ended with exit code 3.")
        #expect(!outcome.succeeded)
        #expect(try job.logText() == "out\nerr\n")
        #expect(outcome.processorSeconds > 0.05 && outcome.processorSeconds < 20)
        #expect(outcome.peakMemoryBytes > 500_000)
        #expect(try #require(outcome.startedAt) <= outcome.endedAt)
        #expect(!FileManager.default.fileExists(atPath: job.folder + "/plan.json"))
    }

    @Test("Exit code 0 is success")
    func success() async throws {
        #expect(try await SupervisedJob().run(shell: "true").succeeded)
    }

    @Test("The environment is the plan's and nothing of the server's")
    func environment() async throws {
        let job = try SupervisedJob()
        _ = try await job.run(shell: "env | cut -d= -f1 | sort | tr '\\n' ' '; pwd")
        let names = Set(try job.logText().split(whereSeparator: \.isWhitespace).map(String.init))
        #expect(names.isSubset(of: ["PATH", "LAZULI_JOB_FOLDER", "PWD", "SHLVL", "_", "OLDPWD", job.folder]))
        #expect(names.contains(job.folder))
    }

    @Test("A signal the supervisor did not send is named")
    func signal() async throws {
        let outcome = try await SupervisedJob().run(shell: "kill -SEGV $$")
        #expect(outcome.reason == .signaled)
        #expect(outcome.status == .signaled(SIGSEGV))
        #expect(outcome.sentence.contains("signal 11 (SIGSEGV: invalid memory access)"))
    }

    @Test(
        "A command that cannot be started says what is missing",
        arguments: [
            (["no-such-program-x", "a"], "The command \"no-such-program-x\" was not found in PATH"),
            (["/no/such/file"], "There is no file \"/no/such/file\" to run"),
            (["./plan.json"], "may not be executed"), ([], "The command is empty"),
        ])
    func unstartable(arguments: [String], expected: String) async throws {
        let job = try SupervisedJob()
        let outcome = try await job.outcome(after: job.launch([job.command(arguments)]))
        #expect(outcome.reason == .couldNotStart)
        #expect(outcome.sentence.contains(expected))
    }

    @Test("A missing working directory and an unreadable plan are named too")
    func unstartableFolder() async throws {
        let job = try SupervisedJob()
        var command = job.command(["true"])
        command.workingDirectory = "/no/such/folder"
        let outcome = try await job.outcome(after: job.launch([command]))
        #expect(outcome.sentence.contains("working directory does not exist: /no/such/folder"))

        let broken = try SupervisedJob()
        try "{\"processes\": [".write(toFile: broken.folder + "/plan.json", atomically: true, encoding: .utf8)
        let supervisor = try Supervisor.launch(executable: SupervisedJob.executable, folder: broken.folder)
        #expect(try await broken.outcome(after: supervisor).reason == .couldNotStart)
    }

    @Test("A time limit ends the job and is named")
    func timeout() async throws {
        let job = try SupervisedJob()
        job.limits.timeoutSeconds = 0.5
        let outcome = try await job.run(shell: "sleep 300")
        #expect(outcome.reason == .timedOut)
        #expect(outcome.sentence.contains("time limit of 0.5 seconds"))
    }

    @Test("Of several processes, the one that fails ends the others and is named with its rank")
    func ranks() async throws {
        let job = try SupervisedJob()
        let commands = (0..<3).map { rank in
            job.command(
                ["bash", "-c", rank == 1 ? "exit 7" : "sleep 300"], log: job.folder + "/log_\(rank).txt")
        }
        let outcome = try await job.outcome(after: job.launch(commands))
        #expect(outcome.reason == .exited)
        #expect(outcome.status == .exited(code: 7))
        #expect(outcome.sentence.contains("Process 1 of 3 (rank 1) ended with exit code 7"))
    }

    @Test("Several processes that all succeed are a success")
    func ranksSucceed() async throws {
        let job = try SupervisedJob()
        let commands = (0..<2).map { job.command(["bash", "-c", "echo \($0)"], log: job.folder + "/log_\($0).txt") }
        #expect(try await job.outcome(after: job.launch(commands)).succeeded)
    }

    @Test("What a job leaves running in the background is ended with it")
    func leftovers() async throws {
        let job = try SupervisedJob()
        let outcome = try await job.run(
            shell: "(setsid bash -c 'trap \"\" TERM; echo $BASHPID; sleep 300' &) ; sleep 0.3")
        #expect(outcome.succeeded)
        let pid = try #require(Int32(try job.logText().split(separator: "\n").first.map(String.init) ?? ""))
        #expect(!isRunning(pid))
    }

    @Test("A folder is supervised once: a second supervisor changes nothing")
    func once() async throws {
        let job = try SupervisedJob()
        let first = try await job.run(shell: "echo one; exit 4")
        let second = try await job.run(shell: "echo two; exit 5")
        #expect(second == first)
        #expect(try job.logText() == "one\n")
    }
}

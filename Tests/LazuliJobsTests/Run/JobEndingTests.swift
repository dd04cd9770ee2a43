import Foundation
import LazuliConformance
import LazuliProcesses
import LazuliResources
import Testing

@testable import LazuliJobs

@Suite("The error of a job that failed")
struct JobEndingTests {
    /// The error of a job whose log holds this text.
    private func error(_ reason: Outcome.Reason, log: String?) async throws -> JSON {
        try await withTemporaryFolder { home in
            let folder = JobFolder(
                try JobRecords.job(), jobsFolder: home.appending(path: "jobs"),
                artifactContainer: home.appending(path: "artifacts"))
            try folder.prepare()
            if let log { try Data(log.utf8).write(to: folder.log(JobFolder.userLog)) }
            let outcome = Outcome(
                reason: reason, sentence: "The command ended with exit code 1.", status: .exited(code: 1), endedAt: 1)
            return JobEnding.error(outcome, folder)
        }
    }

    @Test("A traceback in the log gives the cause, its place and its last lines")
    func traceback() async throws {
        let log = """
            epoch 1
            Traceback (most recent call last):
              File "/jobs/1/train.py", line 40, in <module>
                main()
              File "/jobs/1/train.py", line 12, in main
                x = frame["price"]
            KeyError: 'price'

            """
        let error = try await error(.exited, log: log)
        let message = error["message"].string ?? ""
        #expect(error["code"] == "UserError")
        #expect(error["referenceCode"] == "exited")
        #expect(
            message.hasPrefix("The command ended with exit code 1. KeyError: 'price' (train.py, line 12, in main)\n"))
        #expect(message.hasSuffix("\nKeyError: 'price'"))
        #expect(message.contains("x = frame"))
        #expect(!message.contains("epoch 1"))
    }

    @Test("Without a traceback the log's last lines are shown")
    func plain() async throws {
        let message = try await error(.exited, log: "one\ntwo\nrm: no such file\n")["message"].string ?? ""
        #expect(message.hasSuffix("two\nrm: no such file"))
    }

    @Test("Without a log there is the sentence alone", arguments: [nil, ""] as [String?])
    func noLog(log: String?) async throws {
        #expect(try await error(.exited, log: log)["message"] == "The command ended with exit code 1.")
    }

    @Test(
        "Ends the user's code brought about are the user's, others the system's",
        arguments: [
            (Outcome.Reason.exited, "UserError"), (.signaled, "UserError"), (.timedOut, "UserError"),
            (.outOfMemory, "UserError"),
            (.diskQuota, "UserError"), (.logLimit, "UserError"), (.couldNotStart, "SystemError"),
            (.supervisorLost, "SystemError"),
        ])
    func codes(reason: Outcome.Reason, code: String) async throws {
        #expect(try await error(reason, log: nil)["code"].string == code)
    }

    @Test("Jobs of one name in two workspaces have folders of their own")
    func folders() throws {
        let home = URL(fileURLWithPath: "/h")
        let folder = JobFolder(try JobRecords.job(), jobsFolder: home, artifactContainer: home)
        #expect(folder.control.path == "/h/s~g~w/job-1")
        #expect(folder.artifacts.path == "/h/ExperimentRun/dcid.job-1")
        #expect(JobFolder.log(process: 0) == "user_logs/std_log.txt")
        #expect(JobFolder.log(process: 3) == "user_logs/std_log_process_03.txt")
    }
}

import Foundation
import Testing

@testable import LazuliProcesses

/// A job under a real supervisor process, in a temporary folder of its own.
final class SupervisedJob {
    let folder: String
    var limits = SupervisorPlan.Limits()

    init() throws {
        folder = NSTemporaryDirectory() + "lazuli-supervisor-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var log: String { folder + "/std_log.txt" }

    func logText() throws -> String { try String(contentsOfFile: log, encoding: .utf8) }

    /// `lazuli` lies beside the test program, where the package manager builds both.
    static var executable: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/lazuli"
    }

    func command(_ arguments: [String], log: String? = nil) -> SupervisorPlan.Command {
        SupervisorPlan.Command(
            arguments: arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], workingDirectory: folder,
            logPath: log ?? self.log)
    }

    @discardableResult
    func launch(_ commands: [SupervisorPlan.Command]) throws -> ProcessIdentity {
        try SupervisorPlan(processes: commands, limits: limits).write(to: folder)
        return try Supervisor.launch(executable: SupervisedJob.executable, folder: folder)
    }

    @discardableResult
    func launch(shell script: String) throws -> ProcessIdentity {
        try launch([command(["bash", "-c", script])])
    }

    /// Runs to the end and returns the outcome.
    func run(shell script: String) async throws -> Outcome {
        try await outcome(after: launch(shell: script))
    }

    func outcome(after supervisor: ProcessIdentity) async throws -> Outcome {
        try await ProcessExit.wait(for: supervisor)
        let state = Supervisor.status(folder: folder)
        guard case .ended(let outcome) = state else { throw Unexpected("not ended but \(state)") }
        return outcome
    }

    /// Waits until the job prints a line and returns it.
    func firstLine() async throws -> String {
        try await eventually("the first line of the log") {
            let text = (try? self.logText()) ?? ""
            return text.contains("\n") ? text.split(separator: "\n").first.map(String.init) : nil
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Asks again and again until there is an answer; 20 seconds at most.
func eventually<Value>(_ what: String, _ ask: () throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
        if let value = try ask() { return value }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Unexpected("waited in vain for \(what)")
}

/// Whether a process of this number does anything.
func isRunning(_ pid: Int32) -> Bool {
    ProcessTable.entry(pid).map { !$0.isZombie } ?? false
}

import LazuliLearning
import LazuliProcesses
import LazuliResources
import Synchronization

/// One `lazuli child train` and the order that it carries out.
final class TrainingProcess: Sendable {
    private struct State {
        var lastFold: Int?
        var wasLate = false
    }

    private let process: LineProcess
    private let state = Mutex(State())
    private let log: String

    init(_ settings: TrainingProcesses.Settings) throws {
        log = "\(settings.folder.path)/training.log"
        process = try LineProcess(
            executable: settings.executable, arguments: ["child", "train", settings.folder.path],
            environment: settings.environment, log: log)
    }

    var lastFold: Int? { state.withLock(\.lastFold) }

    /// Beyond the order's own time, seconds that a process may take to write its model down.
    private static let grace = 20.0

    /// - Returns: nil when the process ended without an answer.
    func carryOut(_ order: TrainingOrder) async -> TrainingReply? {
        state.withLock { $0.lastFold = order.fold }
        do {
            try process.send(order.json.text)
        } catch {
            return nil
        }
        return await withTaskGroup(of: TrainingReply?.self) { group in
            group.addTask { await self.answer() }
            group.addTask {
                guard (try? await Task.sleep(for: .seconds(order.seconds + Self.grace))) != nil else { return nil }
                self.state.withLock { $0.wasLate = true }
                self.process.kill()
                return nil
            }
            let reply = await group.next() ?? nil
            group.cancelAll()
            return reply
        }
    }

    private func answer() async -> TrainingReply? {
        for await line in process.lines {
            if let json = try? JSON(parsing: line) { return TrainingReply(json) }
        }
        return nil
    }

    /// Why it gave no answer.
    var reasonOfEnd: String {
        if state.withLock(\.wasLate) { return "The trial did not end in its time, and its process was ended." }
        let how = process.ending.map { " with \($0.words)" } ?? ""
        let words = LogTail.lastLines(of: log, count: 1).first.map { " Its last words: \($0)" } ?? ""
        return "The training process ended\(how) before its trial did; if it was killed, memory may have run out."
            + words
    }

    func kill() { process.kill() }
}

import Foundation
import Testing

@testable import LazuliProcesses

@Suite("Waiting for processes")
struct ProcessExitTests {
    private func start(_ script: String) throws -> Int32 {
        try SpawnedProcess.start(
            SpawnedProcess.Order(
                executable: "/bin/bash", arguments: ["bash", "-c", script], environment: [:], workingDirectory: nil,
                log: "/dev/null"))
    }

    @Test("The end of a child comes with its status and leaves no zombie")
    func child() async throws {
        let pid = try start("exit 5")
        #expect(try await ProcessExit.wait(pid: pid) == .exited(code: 5))
        #expect(ProcessTable.entry(pid) == nil)
    }

    @Test("Many children are waited for at once")
    func manyChildren() async throws {
        let codes = try await withThrowingTaskGroup(of: (Int32, ProcessEnding?).self) { group in
            for code in Int32(0)..<40 {
                let pid = try start("sleep 0.0\(code % 7); exit \(code)")
                group.addTask { (code, try await ProcessExit.wait(pid: pid)) }
            }
            return try await group.reduce(into: [Int32: ProcessEnding]()) { $0[$1.0] = $1.1 }
        }
        #expect(codes.count == 40)
        #expect(codes.allSatisfy { $0.value == .exited(code: $0.key) })
    }

    @Test("The end of a process that is not our child is noticed too")
    func grandchild() async throws {
        let file = NSTemporaryDirectory() + "/lazuli-exit-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let parent = try start("(sleep 300 & echo $! > \(file).new; mv \(file).new \(file)); sleep 300")
        let text = try await eventually("the grandchild") { try? String(contentsOfFile: file, encoding: .utf8) }
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        let identity = try #require(ProcessIdentity(pid: pid))
        async let ending = ProcessExit.wait(for: identity)
        kill(pid, SIGKILL)
        #expect(try await ending == nil)
        #expect(!identity.isAlive)
        kill(parent, SIGKILL)
        #expect(try await ProcessExit.wait(pid: parent) == .signaled(SIGKILL))
    }

    @Test("A number without a process, or with another process, has ended already")
    func gone() async throws {
        #expect(try await ProcessExit.wait(pid: 4_194_303) == nil)
        let own = try #require(ProcessIdentity(pid: getpid()))
        let former = ProcessIdentity(pid: own.pid, startTicks: own.startTicks - 1, boot: own.boot)
        #expect(try await ProcessExit.wait(for: former) == nil)
    }

    @Test("A wait that is cancelled ends, and the process goes on")
    func cancelled() async throws {
        let pid = try start("sleep 300")
        let waiting = Task { try await ProcessExit.wait(pid: pid) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(isRunning(pid))
        kill(pid, SIGKILL)
        #expect(try await ProcessExit.wait(pid: pid) == .signaled(SIGKILL))
    }

    @Test("A command name with spaces and parentheses does not confuse the process table")
    func strangeName() throws {
        let stat = "7 (a) b) (c) S 3 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 12345 9000 25 18446744073709551615"
        let entry = try #require(ProcessTable.parse(Array(stat.utf8), pid: 7))
        #expect(entry.parent == 3 && entry.startTicks == 12345 && !entry.isZombie)
        #expect(entry.residentBytes == 25 * Int64(sysconf(Int32(_SC_PAGESIZE))))
        #expect(ProcessTable.parse(Array("7 (a S 3".utf8), pid: 7) == nil)
    }
}

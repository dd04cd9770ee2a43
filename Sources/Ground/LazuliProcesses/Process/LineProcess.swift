import Foundation
import Glibc
import Synchronization

/// A child process that is spoken to in lines: what it is told goes to its standard input, what it says comes from its
/// standard output. Its standard error goes to a log. It ends when its standard input does, or when it is killed.
public final class LineProcess: Sendable {
    public let pid: Int32
    /// What it says, a line at a time; ends when the process has.
    public let lines: AsyncStream<String>
    private let input: Int32
    private let state = Ended()

    private final class Ended: Sendable {
        let ending = Mutex<ProcessEnding?>(nil)
    }

    /// How it ended; known once `lines` has ended.
    public var ending: ProcessEnding? { state.ending.withLock { $0 } }

    /// - Parameters:
    ///   - executable: the program; `arguments` are what follows its name.
    ///   - environment: all of it; nothing is inherited.
    ///   - log: a file that what it complains of is appended to.
    public init(
        executable: String, arguments: [String], environment: [String: String], log: String
    ) throws {
        var toChild: [Int32] = [0, 0], fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw SystemFailure("open a pipe to", executable) }
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        do {
            pid = try SpawnedProcess.start(
                SpawnedProcess.Order(
                    executable: executable, arguments: [executable] + arguments, environment: environment, log: log,
                    input: toChild[0], output: fromChild[1], isApart: false))
        } catch {
            close(toChild[1])
            close(fromChild[0])
            throw error
        }
        input = toChild[1]
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        let output = fromChild[0], pid = pid, state = state
        // Reading blocks, which a task must not.
        Thread.detachNewThread { Self.read(output, of: pid, state, into: continuation) }
    }

    deinit {
        close(input)
    }

    /// - Throws: when the process does not listen any more.
    public func send(_ line: String) throws {
        var rest = ArraySlice(Array("\(line)\n".utf8))
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if written < 0 {
                guard errno == EINTR else { throw SystemFailure("tell", "process \(pid)") }
            } else {
                rest = rest.dropFirst(written)
            }
        }
    }

    public func kill() { _ = Glibc.kill(pid, SIGKILL) }

    private static func read(
        _ output: Int32, of pid: Int32, _ state: Ended, into lines: AsyncStream<String>.Continuation
    ) {
        defer {
            close(output)
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            state.ending.withLock { $0 = ProcessEnding(waitStatus: status) }
            lines.finish()
        }
        var pending: [UInt8] = []
        var buffer = Array(repeating: UInt8(0), count: 16_384)
        while true {
            let count = Glibc.read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            pending += buffer[..<count]
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                lines.yield(String(decoding: pending[..<end], as: UTF8.self))
                pending.removeSubrange(...end)
            }
        }
    }
}

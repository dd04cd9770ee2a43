import Dispatch
import Foundation
import Glibc
import LazuliResources
import Synchronization

struct ToolResult: Sendable {
    let exitCode: Int32
    let output: String
    /// The lines of standard error.
    let messages: [String]
    let ranOutOfTime: Bool
}

/// One run of a command line tool, awaited without blocking a thread of the concurrency runtime.
final class ToolRun: Sendable {
    private let process: Process
    private let ranOutOfTime = Atomic(false)

    init(path: String, arguments: [String], variables: [String: String]) {
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = variables
    }

    /// - Throws: `CancellationError` when the task is cancelled (the tool is ended), `ServiceError` when the tool
    ///   cannot be started.
    func result(secondsAllowed: Double, onLine: @escaping @Sendable (String) -> Void) async throws -> ToolResult {
        let result = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try self.runBlocking(secondsAllowed, onLine) })
                }
            }
        } onCancel: {
            terminate()
        }
        try Task.checkCancellation()
        return result
    }

    private static let starting = Mutex(())

    private func runBlocking(_ seconds: Double, _ onLine: @Sendable (String) -> Void) throws -> ToolResult {
        let output = Pipe()
        let messages = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = messages
        do {
            // Foundation's Process was seen to crash when two were started at the same moment.
            try Self.starting.withLock { _ in try process.run() }
        } catch {
            throw ServiceError(
                .internalError, "\(process.executableURL?.path ?? "The tool") could not be started: \(error).")
        }
        let watchdog = Watchdog(seconds: seconds) { [self] in
            ranOutOfTime.store(true, ordering: .relaxed)
            terminate()
        }
        defer { watchdog.cancel() }
        let outputText = Mutex("")
        let reading = DispatchGroup()
        DispatchQueue.global().async(group: reading) {
            let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
            outputText.withLock { $0 = String(decoding: data, as: UTF8.self) }
        }
        let lines = readLines(messages.fileHandleForReading, onLine)
        reading.wait()
        process.waitUntilExit()
        return ToolResult(
            exitCode: process.terminationStatus, output: outputText.withLock { $0 }, messages: lines,
            ranOutOfTime: ranOutOfTime.load(ordering: .relaxed))
    }

    private func readLines(_ handle: FileHandle, _ onLine: (String) -> Void) -> [String] {
        var lines: [String] = []
        var rest = Data()
        func take(_ bytes: Data) {
            let line = String(decoding: bytes, as: UTF8.self)
            lines.append(line)
            onLine(line)
        }
        while let chunk = Self.chunk(of: handle) {
            rest.append(chunk)
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                take(Data(rest[rest.startIndex..<end]))
                rest = Data(rest[(end + 1)...])
            }
        }
        if !rest.isEmpty { take(rest) }
        return lines
    }

    /// What the pipe holds now, nil at its end. Foundation's own reading ends the process on an interrupted call.
    private static func chunk(of handle: FileHandle) -> Data? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(handle.fileDescriptor, &buffer, buffer.count)
            if count > 0 { return Data(buffer[..<count]) }
            if count == 0 || errno != EINTR { return nil }
        }
    }

    private func terminate() {
        if process.isRunning { process.terminate() }
    }
}

/// Calls once after some seconds, unless cancelled before.
private struct Watchdog {
    private let work: DispatchWorkItem

    init(seconds: Double, _ call: @escaping @Sendable () -> Void) {
        work = DispatchWorkItem(block: call)
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: work)
    }

    func cancel() { work.cancel() }
}

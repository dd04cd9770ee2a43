import LazuliResources
import Subprocess
import SystemPackage

struct ToolResult: Sendable {
    let exitCode: Int32
    let output: String
    /// The lines of standard error.
    let messages: [String]
    let ranOutOfTime: Bool
}

/// One run of a command line tool.
struct ToolRun: Sendable {
    let path: String
    let arguments: [String]
    /// The complete environment; nothing is inherited.
    let variables: [String: String]

    private static let largestOutput = 1 << 26
    private static let ending: [TeardownStep] = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]

    /// - Throws: `CancellationError` when the task is cancelled (the tool is ended), `ServiceError` when the tool
    ///   cannot be started.
    func result(secondsAllowed: Double, onLine: @escaping @Sendable (String) -> Void) async throws -> ToolResult {
        var options = PlatformOptions()
        options.teardownSequence = Self.ending
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(arguments), environment: .custom(environment),
                platformOptions: options, input: .none, output: .string(limit: Self.largestOutput), error: .sequence
            ) { tool in
                try await Self.watch(tool, secondsAllowed, onLine)
            }
            try Task.checkCancellation()
            return ToolResult(
                exitCode: result.terminationStatus.code, output: result.standardOutput,
                messages: result.closureResult.lines, ranOutOfTime: result.closureResult.ranOutOfTime)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ServiceError(.internalError, "\(path) could not be run: \(error).")
        }
    }

    private var environment: [Environment.Key: String] {
        Dictionary(
            uniqueKeysWithValues: variables.compactMap { name, value in
                Environment.Key(rawValue: name).map { ($0, value) }
            })
    }

    private enum Event {
        case saidAll([String])
        case ranOutOfTime
    }

    /// Reads what the tool says until it says no more, and ends it when its time is over.
    private static func watch<Input, Output>(
        _ tool: Execution<Input, Output, SequenceOutput>, _ seconds: Double,
        _ onLine: @escaping @Sendable (String) -> Void
    ) async throws -> (lines: [String], ranOutOfTime: Bool) {
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                var lines: [String] = []
                for try await line in tool.standardError.strings(bufferingPolicy: .unbounded) {
                    lines.append(line)
                    onLine(line)
                }
                return .saidAll(lines)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                await tool.teardown(using: ending)
                return .ranOutOfTime
            }
            var ranOutOfTime = false
            while let event = try await group.next() {
                switch event {
                case .ranOutOfTime: ranOutOfTime = true
                case .saidAll(let lines):
                    group.cancelAll()
                    return (lines, ranOutOfTime)
                }
            }
            return ([], ranOutOfTime)
        }
    }
}

extension TerminationStatus {
    /// As a shell tells it: the exit code, or 128 and the signal's number.
    fileprivate var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

import ArgumentParser
import Foundation
import LazuliResources

/// Runs the body of a command: an error becomes words on the standard error and the exit code that scripts can rely on.
enum Reported {
    static func run(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            throw exit(error)
        }
    }

    static func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw exit(error)
        }
    }

    /// The parser's own errors (help, wrong usage) pass through.
    static func exit(_ error: any Error) -> any Error {
        guard error is ServiceError || error is JMESPathError || error is CancellationError || error is CocoaError
        else { return error }
        let report = ErrorReport(error)
        try? FileHandle.standardError.write(contentsOf: Data((report.text + "\n").utf8))
        return ExitCode(report.exitCode)
    }
}

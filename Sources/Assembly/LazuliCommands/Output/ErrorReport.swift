import Foundation
import LazuliResources

/// The words and the exit code of a failure.
struct ErrorReport {
    let text: String
    let exitCode: Int32

    static let failure: Int32 = 1
    static let usage: Int32 = 2
    static let notFound: Int32 = 3

    init(_ error: any Error) {
        switch error {
        case let error as ServiceError:
            text = "ERROR: " + Self.words(of: error)
            exitCode =
                error.code == .notFound ? Self.notFound : error.code == Self.usageCode ? Self.usage : Self.failure
        case let error as JMESPathError:
            text = "ERROR: \(error)"
            exitCode = Self.usage
        case is CancellationError:
            text = "Interrupted."
            exitCode = 130
        case let error as CocoaError:
            text = "ERROR: \(error.localizedDescription)"
            exitCode = Self.failure
        default:
            text = "ERROR: \(error)"
            exitCode = Self.failure
        }
    }

    /// Errors of the command line itself: a flag that is missing or contradicts another.
    static let usageCode = ServiceError.Code(rawValue: "UsageError")

    /// The message, then those details that it does not already tell.
    private static func words(of error: ServiceError) -> String {
        let rest = error.details.map(\.message).filter { !error.message.contains($0) }
        return ([error.message] + rest.map { "  " + $0 }).joined(separator: "\n")
    }
}

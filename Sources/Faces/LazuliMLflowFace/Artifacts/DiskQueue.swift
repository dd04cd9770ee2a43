import Dispatch

/// Where calls that wait for the disk run, so that none holds up the event loops.
enum DiskQueue {
    private static let queue = DispatchQueue(label: "lazuli.artifacts", attributes: .concurrent)

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}

import Dispatch

/// Where calls that wait for the disk run, so that none holds up an event loop or a thread of the concurrency runtime.
public enum DiskQueue {
    private static let queue = DispatchQueue(label: "lazuli.disk", attributes: .concurrent)

    /// - Throws: what `body` throws.
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}

import Dispatch

private let diskQueue = DispatchQueue(label: "lazuli.blob.disk", attributes: .concurrent)

/// Runs work that waits for the disk on a thread where waiting harms nobody.
func offLoop<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        diskQueue.async { continuation.resume(with: Swift.Result(catching: work)) }
    }
}

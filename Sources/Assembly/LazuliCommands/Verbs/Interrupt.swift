import Dispatch
import Foundation

/// Work that a person ends with Ctrl-C, and that is cleaned up after.
enum Interrupt {
    /// Runs `work` until it ends or SIGINT or SIGTERM comes; an interrupt is no error.
    static func ending(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let (signals, source) = AsyncStream.makeStream(of: Void.self)
        let watched = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let watch = DispatchSource.makeSignalSource(signal: number, queue: .global())
            watch.setEventHandler { source.yield() }
            watch.resume()
            return watch
        }
        defer {
            for watch in watched { watch.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        let task = Task { try await work() }
        let guardian = Task {
            for await _ in signals {
                task.cancel()
                return
            }
        }
        defer { guardian.cancel() }
        do {
            try await task.value
        } catch  where task.isCancelled {}
    }
}

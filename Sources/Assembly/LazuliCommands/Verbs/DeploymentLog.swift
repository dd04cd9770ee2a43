import LazuliClient
import LazuliResources

/// The log of one deployment, read by asking for its last lines.
struct DeploymentLog {
    let session: Session
    let name: String
    let endpoint: String

    /// How many lines are asked for at a time.
    private static let window = 2000
    private static let pause = Duration.milliseconds(500)

    func tail() async throws -> String {
        try await EndpointVerbs(session: session)
            .logs(name, endpoint: endpoint, lines: Self.window, container: nil)
    }

    /// Gives what is new again and again, until the task is cancelled.
    func follow(_ take: (String) -> Void) async throws {
        var seen = ""
        while !Task.isCancelled {
            let now = try await tail()
            let fresh = Self.news(in: now, after: seen)
            if !fresh.isEmpty { take(fresh) }
            seen = now
            try await Task.sleep(for: Self.pause)
        }
    }

    /// What stands in a window of lines behind those of the window before: the log moves up, nothing in it changes.
    static func news(in now: String, after seen: String) -> String {
        if now.hasPrefix(seen) { return String(now.dropFirst(seen.count)) }
        let old = seen.split(separator: "\n", omittingEmptySubsequences: false)
        for first in old.indices.dropFirst() {
            let rest = old[first...].joined(separator: "\n")
            if now.hasPrefix(rest) { return String(now.dropFirst(rest.count)) }
        }
        return now
    }
}

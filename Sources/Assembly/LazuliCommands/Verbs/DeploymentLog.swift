import LazuliClient
import LazuliResources

/// The log of one deployment, read by asking for its last lines.
actor DeploymentLog {
    /// How long to wait before asking again.
    static let pause = Duration.milliseconds(500)
    /// How many lines are asked for at a time.
    private static let window = 2000

    private let session: Session
    private let name: String
    private let endpoint: String
    private var seen = ""

    init(session: Session, name: String, endpoint: String) {
        self.session = session
        self.name = name
        self.endpoint = endpoint
    }

    /// What was written since the last call.
    func news() async throws -> String {
        let now = try await EndpointVerbs(session: session)
            .logs(name, endpoint: endpoint, lines: Self.window, container: nil)
        defer { seen = now }
        return Self.news(in: now, after: seen)
    }

    /// What stands in a window of lines behind those of the window before: the log moves up, nothing in it changes.
    private static func news(in now: String, after seen: String) -> String {
        if now.hasPrefix(seen) { return String(now.dropFirst(seen.count)) }
        let old = seen.split(separator: "\n", omittingEmptySubsequences: false)
        for first in old.indices.dropFirst() {
            let rest = old[first...].joined(separator: "\n")
            if now.hasPrefix(rest) { return String(now.dropFirst(rest.count)) }
        }
        return now
    }
}

/// When a replica that ended is started again: at once, and ever later if it keeps ending soon after its start.
struct RestartPolicy: Sendable, Equatable {
    /// A replica that lived as long as this (seconds) is not counted as failing at its start.
    static let settled = 10.0
    /// From here on it is called a crash loop.
    static let loop = 3
    private static let longestPause = 30.0

    /// Ends in a row, each soon after its start.
    private(set) var failures = 0

    /// Takes note of an end.
    /// - Returns: seconds to wait before the next start.
    mutating func ended(after seconds: Double) -> Double {
        failures = seconds < Self.settled ? failures + 1 : 1
        return failures == 1 ? 0 : min(Self.longestPause, Double(1 << min(failures - 2, 10)))
    }

    var isLooping: Bool { failures >= Self.loop }
}

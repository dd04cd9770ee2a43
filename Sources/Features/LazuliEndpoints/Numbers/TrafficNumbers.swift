/// What a deployment served, counted since the server started.
package struct TrafficNumbers: Sendable {
    package var statuses: [Int: UInt64] = [:]
    package var latency = LatencyHistogram()
    package var requestBytes: UInt64 = 0
    package var answerBytes: UInt64 = 0
    /// Requests that replicas work on or have taken in.
    package var inFlight = 0
    package var queued = 0
    /// Nanoseconds that replicas spent on requests, summed over replicas.
    package var busyNanoseconds: UInt64 = 0
    /// Milliseconds since 1970 of the last request; 0 before the first.
    package var lastRequestAt: Int64 = 0
    /// The minutes of the last hour in which something was served, oldest first.
    package var minutes: [Minute] = []

    package struct Minute: Sendable {
        /// Minutes since 1970.
        package var minute: Int64
        package var statuses: [Int: UInt64] = [:]
        package var latency = LatencyHistogram()

        package init(minute: Int64) { self.minute = minute }
    }

    /// Minutes that are kept one by one.
    package static let keptMinutes = 60

    package init() {}

    /// - Parameters:
    ///   - microseconds: from the request's last byte to the answer's first.
    ///   - at: milliseconds since 1970.
    package mutating func record(status: Int, microseconds: UInt64, received: Int, sent: Int, at: Int64) {
        statuses[status, default: 0] += 1
        latency.record(microseconds)
        requestBytes += UInt64(received)
        answerBytes += UInt64(sent)
        lastRequestAt = at
        let minute = at / 60_000
        if minutes.last?.minute != minute {
            minutes.removeAll { $0.minute <= minute - Int64(Self.keptMinutes) }
            minutes.append(Minute(minute: minute))
        }
        let last = minutes.count - 1
        minutes[last].statuses[status, default: 0] += 1
        minutes[last].latency.record(microseconds)
    }
}

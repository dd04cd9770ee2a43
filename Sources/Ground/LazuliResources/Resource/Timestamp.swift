public import Foundation

/// Points in time on the wire: ISO 8601 in UTC with milliseconds, the form both .NET and Python read back.
public enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    public static func text(_ milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        var whole = time_t(rest < 0 ? seconds - 1 : seconds)
        var parts = tm()
        gmtime_r(&whole, &parts)
        func padded(_ value: Int32, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(date)T\(time).\(padded(Int32(rest < 0 ? rest + 1000 : rest), 3))Z"
    }

    /// Milliseconds since 1970 of a text with or without fractional seconds; nil if it is no ISO 8601 time.
    public static func milliseconds(_ text: String) -> Int64? {
        let date = (try? style.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
        return date.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) }
    }
}

/// Where services take the time from, so that tests need not wait for it.
public struct WallClock: Sendable {
    /// Milliseconds since 1970.
    public let now: @Sendable () -> Int64

    public init(now: @escaping @Sendable () -> Int64) { self.now = now }

    public var date: Date { Date(timeIntervalSince1970: Double(now()) / 1000) }

    public static let system = WallClock { Int64((Date().timeIntervalSince1970 * 1000).rounded()) }
}

public import Foundation

/// Points in time on the wire: ISO 8601 in UTC with milliseconds, the form both .NET and Python read back.
public enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    public static func text(_ milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let whole = rest < 0 ? seconds - 1 : seconds, fraction = rest < 0 ? rest + 1000 : rest
        // A date holds its time as a floating-point number: the fraction is written by itself, so that none is lost.
        let text = Date(timeIntervalSince1970: Double(whole)).formatted(Date.ISO8601FormatStyle())
        return text.dropLast() + "." + String(1000 + fraction).dropFirst() + "Z"
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

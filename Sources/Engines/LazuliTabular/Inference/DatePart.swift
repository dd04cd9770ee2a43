/// A part of a date and time that a model may look at.
package enum DatePart: String, Sendable, CaseIterable {
    case year
    case month
    case day
    /// From 0 for Monday.
    case weekday
    case dayOfYear
    case hour
    case minute

    /// NaN for what is not finite.
    /// - Parameter seconds: since 1970, UTC.
    package func value(_ seconds: Double) -> Float {
        // Beyond this no day can be counted.
        guard abs(seconds) < 1e15 else { return .nan }
        let day = Int((seconds / 86_400).rounded(.down))
        switch self {
        case .weekday: return Float(Self.rest(day + 3, 7))
        case .hour: return Float(Self.rest(Int((seconds / 3_600).rounded(.down)), 24))
        case .minute: return Float(Self.rest(Int((seconds / 60).rounded(.down)), 60))
        case .year: return Float(CalendarDay.date(day).year)
        case .month: return Float(CalendarDay.date(day).month)
        case .day: return Float(CalendarDay.date(day).day)
        case .dayOfYear:
            let start = CalendarDay.number(year: CalendarDay.date(day).year, month: 1, day: 1) ?? day
            return Float(day - start + 1)
        }
    }

    /// From 0 up to the divisor.
    private static func rest(_ number: Int, _ divisor: Int) -> Int {
        let rest = number % divisor
        return rest < 0 ? rest + divisor : rest
    }
}

/// A date and time as a client writes it.
package enum MomentText {
    /// Seconds since 1970-01-01 UTC. Where nothing tells, the month comes before the day.
    /// - Returns: nil if the text is no date.
    package static func seconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let shape = DateTimeText(bytes)?.shape else { return nil }
        let order: DateTimeFormat.Order =
            shape.yearIsFirst
            ? .yearMonthDay : shape.hasMonthName || shape.separator == 0x2E ? .dayMonthYear : .monthDayYear
        return DateTimeFormat(shape: shape, order: order).seconds(bytes)
            ?? (order == .monthDayYear ? DateTimeFormat(shape: shape, order: .dayMonthYear).seconds(bytes) : nil)
    }
}

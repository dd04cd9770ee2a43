/// The one way in which a column writes dates and times. Source of the ISO forms: ISO 8601, as RFC 3339 profiles it.
struct DateTimeFormat: Equatable {
    enum Order: Equatable {
        case yearMonthDay
        case monthDayYear
        case dayMonthYear
    }

    let shape: DateTimeText.Shape
    let order: Order

    enum Inference: Equatable {
        case format(DateTimeFormat)
        /// Dates of which nothing tells whether the day or the month comes first.
        case ambiguous(example: String)
        /// Not all are dates of one format.
        case none
    }

    static func infer(_ texts: UnsafeBufferPointer<LabelInterner.Entry>) -> Inference {
        guard let first = texts.first, let shape = DateTimeText(first.bytes)?.shape else { return .none }
        var largest = (0, 0)
        for entry in texts {
            guard let text = DateTimeText(entry.bytes), text.shape == shape else { return .none }
            largest = (max(largest.0, text.numbers.first), max(largest.1, text.numbers.second))
        }
        if let order = order(shape, largest) {
            let format = DateTimeFormat(shape: shape, order: order)
            return texts.allSatisfy { format.seconds($0.bytes) != nil } ? .format(format) : .none
        }
        // A day above 31 or a month that is none makes it no date.
        return largest.0 <= 12 && largest.1 <= 12 ? .ambiguous(example: first.string) : .none
    }

    /// The format of the most texts; where nothing tells, the month comes before the day.
    static func mostFitting(_ texts: UnsafeBufferPointer<LabelInterner.Entry>) -> DateTimeFormat? {
        var shapes: [(shape: DateTimeText.Shape, count: Int)] = []
        for entry in texts {
            guard let shape = DateTimeText(entry.bytes)?.shape else { continue }
            if let place = shapes.firstIndex(where: { $0.shape == shape }) {
                shapes[place].count += 1
            } else {
                shapes.append((shape, 1))
            }
        }
        guard let shape = shapes.max(by: { $0.count < $1.count })?.shape else { return nil }
        var largest = (0, 0)
        for entry in texts {
            guard let text = DateTimeText(entry.bytes), text.shape == shape else { continue }
            largest = (max(largest.0, text.numbers.first), max(largest.1, text.numbers.second))
        }
        return DateTimeFormat(shape: shape, order: order(shape, largest) ?? .monthDayYear)
    }

    private static func order(_ shape: DateTimeText.Shape, _ largest: (first: Int, second: Int)) -> Order? {
        if shape.yearIsFirst { return .yearMonthDay }
        // With a month's name, and with points (31.12.2024), the day comes first.
        if shape.hasMonthName || shape.separator == 0x2E { return .dayMonthYear }
        switch (largest.first > 12, largest.second > 12) {
        case (true, false): return .dayMonthYear
        case (false, true): return .monthDayYear
        default: return nil
        }
    }

    /// Seconds since 1970-01-01 UTC; nil if the text is not of this format, or no day of the calendar.
    func seconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let text = DateTimeText(bytes), text.shape == shape else { return nil }
        let (first, second, third) = text.numbers
        let days =
            switch order {
            case .yearMonthDay: CalendarDay.number(year: first, month: second, day: third)
            case .monthDayYear: CalendarDay.number(year: third, month: first, day: second)
            case .dayMonthYear: CalendarDay.number(year: third, month: second, day: first)
            }
        return days.map { Double($0) * 86400 + text.time - text.zone }
    }
}

/// Days of the Gregorian calendar, counted from 1970-01-01.
package enum CalendarDay {
    /// Nil if there is no such day.
    package static func number(year: Int, month: Int, day: Int) -> Int? {
        guard 1...12 ~= month, day >= 1, day <= length(year: year, month: month) else { return nil }
        // Years begin in March here, so that the leap day is the last.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400, yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
        let days = number + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097, dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func length(year: Int, month: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

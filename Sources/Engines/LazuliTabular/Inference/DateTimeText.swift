/// A text that looks like a date, perhaps with a time: its parts, before anything is known of their order.
struct DateTimeText {
    /// What the texts of one column have in common.
    struct Shape: Equatable {
        let yearIsFirst: Bool
        let separator: UInt8
        let hasMonthName: Bool
        let hasTime: Bool
        let isTwelveHours: Bool
        let hasZone: Bool
    }

    let shape: Shape
    /// The three numbers of the date as they stand; a month's name counts as its number.
    let numbers: (first: Int, second: Int, third: Int)
    /// Seconds since midnight.
    let time: Double
    /// Seconds by which the clock is ahead of UTC.
    let zone: Double

    init?(_ text: UnsafeBufferPointer<UInt8>) {
        var cursor = DateTimeCursor(NumberField.trimmed(text))
        guard let first = cursor.digits(1...4), let separator = cursor.separator() else { return nil }
        let name = cursor.monthName()
        guard let second = name ?? cursor.digits(1...2)?.value, cursor.take(separator), let third = cursor.digits(1...4)
        else { return nil }
        let yearIsFirst = first.count == 4
        // Two digits may be a year where nothing but a date is written so: 12/31/24.
        let allowed: Set<Int> = yearIsFirst ? [1, 2] : separator == 0x2F ? [2, 4] : [4]
        guard yearIsFirst || first.count <= 2, allowed.contains(third.count), separator != 0x20 || name != nil else {
            return nil
        }
        let century = yearIsFirst || third.count == 4 ? 0 : third.value < 69 ? 2000 : 1900
        numbers = (first.value, second, third.value + century)
        let clock = cursor.clock()
        guard cursor.isAtEnd else { return nil }
        time = clock?.seconds ?? 0
        zone = clock?.zone ?? 0
        shape = Shape(
            yearIsFirst: yearIsFirst, separator: separator, hasMonthName: name != nil, hasTime: clock != nil,
            isTwelveHours: clock?.isTwelveHours ?? false, hasZone: clock?.zone != nil)
    }
}

/// Reads the parts of a date and time one after the other.
private struct DateTimeCursor {
    private let text: UnsafeBufferPointer<UInt8>
    private var place = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { place == text.count }
    private var next: UInt8 { place < text.count ? text[place] : 0 }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    mutating func digits(_ allowed: ClosedRange<Int>) -> (value: Int, count: Int)? {
        let start = place
        var value = 0
        while next &- 0x30 < 10, place - start < allowed.upperBound {
            value = value * 10 + Int(next &- 0x30)
            place += 1
        }
        return allowed.contains(place - start) ? (value, place - start) : nil
    }

    /// `-`, `/`, `.` or a space.
    mutating func separator() -> UInt8? {
        let byte = next
        guard byte == 0x2D || byte == 0x2F || byte == 0x2E || byte == 0x20 else { return nil }
        place += 1
        return byte
    }

    /// Three letters, or the whole English name.
    mutating func monthName() -> Int? {
        let start = place
        while next | 0x20 >= 0x61, next | 0x20 <= 0x7A { place += 1 }
        guard place - start >= 3 else {
            place = start
            return nil
        }
        let name = String(decoding: text[start..<place], as: UTF8.self).lowercased()
        guard let month = MonthNames.number(name) else {
            place = start
            return nil
        }
        return month
    }

    /// `T10:20`, ` 10:20:30.5 PM`, ` 10:20:30+02:00`; nil, and nothing read, if there is none.
    mutating func clock() -> (seconds: Double, isTwelveHours: Bool, zone: Double?)? {
        let start = place
        guard take(0x54) || take(0x74) || take(0x20), let hour = digits(1...2)?.value, take(0x3A),
            let minute = digits(2...2)?.value, hour < 24, minute < 60
        else {
            place = start
            return nil
        }
        var seconds = Double(hour * 3600 + minute * 60)
        if take(0x3A) {
            guard let second = digits(2...2)?.value, second <= 60 else { return nil }
            seconds += Double(second)
            if take(0x2E), let fraction = fraction() { seconds += fraction }
        }
        let isTwelveHours = half(hour: hour, &seconds)
        return (seconds, isTwelveHours, zone())
    }

    private mutating func fraction() -> Double? {
        let start = place
        var value = 0.0, scale = 1.0
        while next &- 0x30 < 10, scale < 1e15 {
            value = value * 10 + Double(next &- 0x30)
            scale *= 10
            place += 1
        }
        // Digits beyond what a double holds.
        while next &- 0x30 < 10 { place += 1 }
        return place > start ? value / scale : nil
    }

    /// Reads `AM` and `PM`.
    private mutating func half(hour: Int, _ seconds: inout Double) -> Bool {
        let start = place
        _ = take(0x20)
        let letter = next | 0x20
        guard letter == 0x61 || letter == 0x70, place + 1 < text.count, text[place + 1] | 0x20 == 0x6D, 1...12 ~= hour
        else {
            place = start
            return false
        }
        place += 2
        if letter == 0x70, hour < 12 { seconds += 43200 }
        if letter == 0x61, hour == 12 { seconds -= 43200 }
        return true
    }

    /// `Z`, `UTC`, `+02:00`, `-0530`, `+01`.
    private mutating func zone() -> Double? {
        let start = place
        _ = take(0x20)
        if take(0x5A) || take(0x7A) { return 0 }
        if text.count - place == 3, ["UTC", "GMT"].contains(String(decoding: text[place...], as: UTF8.self)) {
            place += 3
            return 0
        }
        let sign: Double = next == 0x2D ? -1 : 1
        guard take(0x2B) || take(0x2D), let hours = digits(2...2)?.value else {
            place = start
            return nil
        }
        _ = take(0x3A)
        let minutes = digits(2...2)?.value ?? 0
        return sign * Double(hours * 3600 + minutes * 60)
    }
}

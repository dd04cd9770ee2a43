/// A way to write points in time, given by directives: `%d/%m/%Y %H:%M`.
///
/// Source: the directives that the package mltable takes, which are those of C's `strptime`.
struct DateTimePattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case literal(UInt8)
        case directive(UInt8)
    }

    private let parts: [Part]
    private static let known: Set<UInt8> = Set("YymbBdHIMSfpz".utf8)

    /// - Throws: `TableFault` that names a directive which is not known.
    init(_ text: String) throws(TableFault) {
        var parts: [Part] = [], bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == 0x25, let directive = bytes.popFirst() else {
                parts.append(.literal(byte))
                continue
            }
            if directive == 0x25 {
                parts.append(.literal(directive))
            } else if directive == UInt8(ascii: "T") {
                parts += [.directive(0x48), .literal(0x3A), .directive(0x4D), .literal(0x3A), .directive(0x53)]
            } else if Self.known.contains(directive) {
                parts.append(.directive(directive))
            } else {
                throw TableFault(
                    "the format \"\(text)\" has the directive %\(Character(UnicodeScalar(directive))), which is not supported. "
                        + "There are: %Y %y %m %b %B %d %H %I %M %S %f %p %z %T.")
            }
        }
        self.parts = parts
    }

    /// Seconds since 1970-01-01 UTC; nil if the text is not written so.
    func seconds(_ text: String) -> Double? {
        var reader = Reader(bytes: Array(text.trimmingSpaces.utf8)[...])
        for part in parts {
            switch part {
            case .literal(let byte):
                guard reader.bytes.popFirst() == byte else { return nil }
            case .directive(let directive):
                guard reader.read(directive) else { return nil }
            }
        }
        guard reader.bytes.isEmpty,
            let day = CalendarDay.number(year: reader.year, month: reader.month, day: reader.day),
            reader.hour < 24, reader.minute < 60, reader.second <= 60
        else { return nil }
        return Double(day * 86400 + reader.hour * 3600 + reader.minute * 60 + reader.second) + reader.fraction
            - reader.zone
    }

    /// What has been read so far.
    private struct Reader {
        var bytes: ArraySlice<UInt8>
        var (year, month, day) = (1970, 1, 1)
        var (hour, minute, second) = (0, 0, 0)
        var fraction = 0.0
        var zone = 0.0
        private var isAfternoon: Bool?

        init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

        mutating func read(_ directive: UInt8) -> Bool {
            switch directive {
            case UInt8(ascii: "Y"): return take(4, \.year)
            case UInt8(ascii: "y"):
                guard take(2, \.year) else { return false }
                year += year < 69 ? 2000 : 1900
            case UInt8(ascii: "m"): return take(2, \.month)
            case UInt8(ascii: "d"): return take(2, \.day)
            case UInt8(ascii: "H"): return take(2, \.hour)
            case UInt8(ascii: "I"):
                guard take(2, \.hour), 1...12 ~= hour else { return false }
                hour %= 12
                if isAfternoon == true { hour += 12 }
            case UInt8(ascii: "M"): return take(2, \.minute)
            case UInt8(ascii: "S"): return take(2, \.second)
            case UInt8(ascii: "f"): return takeFraction()
            case UInt8(ascii: "p"): return takeHalf()
            case UInt8(ascii: "z"): return takeZone()
            default: return takeMonthName()
            }
            return true
        }

        private mutating func digits(_ most: Int) -> (value: Int, count: Int)? {
            var value = 0, count = 0
            while count < most, let byte = bytes.first, byte &- 0x30 < 10 {
                value = value * 10 + Int(byte &- 0x30)
                count += 1
                bytes.removeFirst()
            }
            return count > 0 ? (value, count) : nil
        }

        private mutating func take(_ most: Int, _ part: WritableKeyPath<Reader, Int>) -> Bool {
            guard let (value, count) = digits(most), most != 4 || count == 4 else { return false }
            self[keyPath: part] = value
            return true
        }

        private mutating func takeFraction() -> Bool {
            guard let (value, count) = digits(9) else { return false }
            fraction = Double(value) / (0..<count).reduce(1) { power, _ in power * 10 }
            return true
        }

        private mutating func takeHalf() -> Bool {
            let half = String(decoding: bytes.prefix(2), as: UTF8.self).lowercased()
            guard half == "am" || half == "pm" else { return false }
            bytes.removeFirst(2)
            isAfternoon = half == "pm"
            if half == "pm", hour < 12 { hour += 12 }
            return true
        }

        private mutating func takeZone() -> Bool {
            if bytes.first == UInt8(ascii: "Z") {
                bytes.removeFirst()
                return true
            }
            guard let sign = bytes.popFirst(), sign == 0x2B || sign == 0x2D, let (hours, count) = digits(2), count == 2
            else {
                return false
            }
            if bytes.first == 0x3A { bytes.removeFirst() }
            guard let (minutes, _) = digits(2) else { return false }
            zone = (sign == 0x2D ? -1 : 1) * Double(hours * 3600 + minutes * 60)
            return true
        }

        private mutating func takeMonthName() -> Bool {
            let letters = bytes.prefix { ($0 | 0x20) &- 0x61 < 26 }
            let name = String(decoding: letters, as: UTF8.self).lowercased()
            guard let number = MonthNames.number(name) else { return false }
            month = number
            bytes = bytes.dropFirst(letters.count)
            return true
        }
    }
}

/// The English names of months.
enum MonthNames {
    private static let names = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    /// By the whole name or its first three letters, in lower case.
    static func number(_ name: String) -> Int? {
        names.firstIndex { $0 == name || $0.prefix(3) == name }.map { $0 + 1 }
    }
}

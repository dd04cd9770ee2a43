/// What a field's text is, read as a number.
enum NumberField: Equatable {
    case missing
    case questionMark
    /// Whole if it was written without point and exponent.
    case number(Double, isWhole: Bool)
    case other

    /// The byte behind the text must be none that goes on with a number. Spaces around the text do not count.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        let text = Self.trimmed(text)
        guard let start = text.baseAddress, let first = text.first else {
            self = .missing
            return
        }
        if first &- 0x30 < 10 || first == 0x2D || first == 0x2E || first == 0x2B {
            if let number = Self.number(start, text.count) {
                self = number
                return
            }
        }
        if MissingMarker.matches(text) {
            self = .missing
        } else if text.count == 1, first == 0x3F {
            self = .questionMark
        } else {
            self = Self.infinity(text).map { .number($0, isWhole: false) } ?? .other
        }
    }

    static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var (start, end) = (0, text.count)
        while start < end, text[start] == 0x20 || text[start] == 9 { start += 1 }
        while start < end, text[end - 1] == 0x20 || text[end - 1] == 9 { end -= 1 }
        return UnsafeBufferPointer(rebasing: text[start..<end])
    }

    /// Sign, digits with a point among them, exponent. Digits that begin with 0 and have no point are a code.
    private static func number(_ text: UnsafePointer<UInt8>, _ count: Int) -> NumberField? {
        var place = 0, mantissa: UInt64 = 0, digits = 0, decimals = 0, isWhole = true
        let isNegative = text[0] == 0x2D
        if isNegative || text[0] == 0x2B { place = 1 }
        let first = place
        func takeDigits() -> Int {
            let before = place
            while place < count, text[place] &- 0x30 < 10 {
                mantissa = mantissa &* 10 &+ UInt64(text[place] &- 0x30)
                // Leading zeros take no room.
                if mantissa > 0 || digits > 0 { digits += 1 }
                place += 1
            }
            return place - before
        }
        let whole = takeDigits()
        if place < count, text[place] == 0x2E {
            isWhole = false
            place += 1
            decimals = takeDigits()
        }
        guard whole + decimals > 0 else { return nil }
        var exponent = 0
        if place < count, text[place] | 0x20 == 0x65 {
            isWhole = false
            guard let (value, length) = self.exponent(text + place + 1, count - place - 1) else { return nil }
            exponent = value
            place += 1 + length
        }
        guard place == count else { return nil }
        if isWhole, whole > 1, text[first] == 0x30 { return nil }
        let magnitude =
            (digits <= 19 ? DecimalNumber.exactly(mantissa, power: exponent - decimals) : nil)
            ?? DecimalNumber.slowly(text + first)
        return .number(isNegative ? -magnitude : magnitude, isWhole: isWhole)
    }

    private static func exponent(_ text: UnsafePointer<UInt8>, _ count: Int) -> (value: Int, length: Int)? {
        var place = 0, value = 0
        let isNegative = count > 0 && text[0] == 0x2D
        if isNegative || (count > 0 && text[0] == 0x2B) { place = 1 }
        let first = place
        while place < count, text[place] &- 0x30 < 10 {
            value = min(value * 10 + Int(text[place] &- 0x30), 99_999)
            place += 1
        }
        return place > first ? (isNegative ? -value : value, place) : nil
    }

    private static func infinity(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard text.count <= 9 else { return nil }
        switch String(decoding: text, as: UTF8.self).lowercased() {
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default: return nil
        }
    }
}

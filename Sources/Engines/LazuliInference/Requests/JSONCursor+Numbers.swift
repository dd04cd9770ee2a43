import Glibc

/// A number as it stands in a JSON text.
struct JSONNumber {
    let value: Double
    /// The exact value, if it was written without fraction and exponent and fits.
    let integer: Int64?

    /// The value as a whole number: `5` and `5.0` are, `5.5` is not.
    var whole: Int64? { integer ?? Int64(exactly: value) }
}

extension JSONCursor {
    /// Powers of ten that a double holds exactly.
    private static let exactPowers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// Reads a number. Nearly all have few digits: then the product or quotient of two exact doubles is the correctly
    /// rounded value; the others go to `strtod`. Source: W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990.
    @inline(__always)
    mutating func number() throws(ScoringFault) -> JSONNumber {
        _ = peek()
        let start = position
        let isNegative = position < end && base[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var mantissa: UInt64 = 0
        let firstDigit = position
        digits(into: &mantissa)
        var digitCount = position - firstDigit
        guard digitCount > 0 else { throw notANumber(at: start) }
        if digitCount > 1, base[firstDigit] == UInt8(ascii: "0") { throw malformed("a number may not begin with 0") }
        var power = 0
        var isWhole = true
        if position < end, base[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            let firstDecimal = position
            digits(into: &mantissa)
            guard position > firstDecimal else { throw malformed("expected a digit") }
            power = firstDecimal - position
            digitCount -= power
        }
        if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            power += try exponent()
        }
        guard digitCount <= 18 else { return try longNumber(from: start, isWhole: isWhole) }
        let magnitude = Double(mantissa)
        if isWhole {
            return JSONNumber(
                value: isNegative ? -magnitude : magnitude, integer: isNegative ? -Int64(mantissa) : Int64(mantissa))
        }
        guard mantissa < 1 << 53, power >= -22, power <= 22 else { return try longNumber(from: start, isWhole: false) }
        let value = power < 0 ? magnitude / Self.exactPowers[-power] : magnitude * Self.exactPowers[power]
        return JSONNumber(value: isNegative ? -value : value, integer: nil)
    }

    /// Wraps silently after 19 digits; `longNumber` reads those again.
    @inline(__always)
    private mutating func digits(into mantissa: inout UInt64) {
        while position < end {
            let digit = base[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            position += 1
        }
    }

    private mutating func exponent() throws(ScoringFault) -> Int {
        position += 1
        let isNegative = position < end && base[position] == UInt8(ascii: "-")
        if isNegative || (position < end && base[position] == UInt8(ascii: "+")) { position += 1 }
        let first = position
        var value: UInt64 = 0
        digits(into: &value)
        guard position > first else { throw malformed("expected a digit") }
        let size = position - first > 5 ? 99_999 : Int(value)
        return isNegative ? -size : size
    }

    private func longNumber(from start: Int, isWhole: Bool) throws(ScoringFault) -> JSONNumber {
        let text = String(decoding: UnsafeBufferPointer(start: base + start, count: position - start), as: UTF8.self)
        let value = strtod(text, nil)
        guard value.isFinite else { throw malformed("\(text) is too large a number") }
        return JSONNumber(value: value, integer: isWhole ? Int64(text) : nil)
    }

    /// What Python's writer makes of numbers that JSON lacks is a number too.
    mutating func number(orSpecial: Void) throws(ScoringFault) -> JSONNumber {
        switch peek() {
        case UInt8(ascii: "N") where takeWord("NaN"): return JSONNumber(value: .nan, integer: nil)
        case UInt8(ascii: "I") where takeWord("Infinity"): return JSONNumber(value: .infinity, integer: nil)
        case UInt8(ascii: "-") where takeWord("-Infinity"): return JSONNumber(value: -.infinity, integer: nil)
        default: return try number()
        }
    }

    private mutating func notANumber(at start: Int) -> ScoringFault {
        position = start
        return malformed(start < end ? "unexpected character" : "the document ends where a value should stand")
    }
}

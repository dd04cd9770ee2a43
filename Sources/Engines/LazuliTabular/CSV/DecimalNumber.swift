import Glibc

/// Turns decimal digits into the nearest double.
enum DecimalNumber {
    /// Powers of ten that a double holds exactly.
    static let exactPowers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
    /// The largest power of five in 64 bits.
    private static let largestPower = 27
    private static let powersOfFive: [UInt64] = (0...largestPower).map { power in
        (0..<power).reduce(1) { value, _ in value * 5 }
    }

    /// `mantissa` × 10 to the `power`, correctly rounded; nil if the power is too large for whole-number arithmetic.
    ///
    /// Few digits: the product or quotient of two exact doubles is the correctly rounded value (W. D. Clinger, How to
    /// Read Floating Point Numbers Accurately, 1990). Else the exact product or quotient by a power of five, in 128 bits,
    /// is rounded once.
    static func exactly(_ mantissa: UInt64, power: Int) -> Double? {
        if mantissa <= 1 << 53, power.magnitude <= 22 {
            return power < 0 ? Double(mantissa) / exactPowers[-power] : Double(mantissa) * exactPowers[power]
        }
        guard mantissa > 0, power.magnitude <= largestPower else { return mantissa == 0 ? 0 : nil }
        let five = powersOfFive[abs(power)]
        return power < 0
            ? rounded(quotient: mantissa, by: five, exponent: power)
            : rounded(product: mantissa.multipliedFullWidth(by: five), exponent: power)
    }

    static func value(_ mantissa: UInt64, power: Int) -> Double { exactly(mantissa, power: power) ?? .nan }

    /// (mantissa / divisor) × 2 to the exponent.
    private static func rounded(quotient mantissa: UInt64, by divisor: UInt64, exponent: Int) -> Double {
        let (lift, push) = (divisor.leadingZeroBitCount, mantissa.leadingZeroBitCount)
        // The dividend's upper half stays below the divisor, and the quotient has 63 or 64 bits.
        let wide = mantissa << UInt64(push)
        let result = (divisor << UInt64(lift)).dividingFullWidth((high: wide >> 1, low: wide << 63))
        return rounded(result.quotient, isInexact: result.remainder != 0, exponent: exponent + lift - push - 63)
    }

    private static func rounded(product: (high: UInt64, low: UInt64), exponent: Int) -> Double {
        guard product.high > 0 else { return rounded(product.low, isInexact: false, exponent: exponent) }
        let shift = product.high.leadingZeroBitCount
        let high = shift == 0 ? product.high : product.high << UInt64(shift) | product.low >> UInt64(64 - shift)
        return rounded(high, isInexact: product.low << UInt64(shift) != 0, exponent: exponent + 64 - shift)
    }

    /// Bits × 2 to the exponent, where `isInexact` says that the true value is a little more. Ties go to even.
    private static func rounded(_ bits: UInt64, isInexact: Bool, exponent: Int) -> Double {
        let shift = bits.leadingZeroBitCount
        var bits = bits << UInt64(shift)
        // What lies below the 53 bits of a double only matters as above, on or below the half: one bit keeps that.
        if isInexact { bits |= 1 }
        return Double(sign: .plus, exponent: exponent - shift, significand: Double(bits))
    }

    /// By the C library, for the few numbers that are too long for the ways above. The byte behind the text must be
    /// none that goes on with a number.
    static func slowly(_ text: UnsafePointer<UInt8>) -> Double {
        text.withMemoryRebound(to: CChar.self, capacity: 1) { strtod($0, nil) }
    }
}

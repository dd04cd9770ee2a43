import Glibc

/// Random numbers that are the same for the same seed on every machine.
///
/// Source: SplitMix64, G. Steele et al., "Fast splittable pseudorandom number generators", 2014.
package struct RandomNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to, but not including, 1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Of a normal distribution of mean 0 and variance 1. Source: G. Box and M. Muller, 1958.
    mutating func normal() -> Double {
        (-2 * logarithm(max(unit(), 1e-12))).squareRoot() * cos(2 * .pi * unit())
    }

    /// One of the numbers below `bound`, which is not 0. The bias is below one in 2³² for bounds of table size.
    @inline(__always)
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
    }

    mutating func shuffle(_ values: UnsafeMutableBufferPointer<UInt32>) {
        var remaining = values.count
        while remaining > 1 {
            values.swapAt(remaining - 1, below(remaining))
            remaining -= 1
        }
    }
}

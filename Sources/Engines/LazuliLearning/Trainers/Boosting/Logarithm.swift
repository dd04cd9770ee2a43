import Glibc

/// Natural logarithm; by a name of its own, since modules that export a logging API shadow `log`.
@inline(__always)
func logarithm(_ value: Double) -> Double { log(value) }

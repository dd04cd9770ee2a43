import Glibc

package enum Softmax {
    /// Replaces numbers by their exponentials' shares of the sum.
    package static func apply(_ numbers: UnsafeMutablePointer<Double>, _ count: Int) {
        let values = UnsafeMutableBufferPointer(start: numbers, count: count)
        let largest = values.max() ?? 0
        for index in values.indices { values[index] = exp(values[index] - largest) }
        let total = values.reduce(0, +)
        for index in values.indices { values[index] /= total }
    }
}

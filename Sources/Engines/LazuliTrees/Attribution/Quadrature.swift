import Glibc

/// Points and weights of Gauss and Legendre over the range from 0 to 1: with n points, the integral of every polynomial
/// up to degree 2n − 1 is exact.
struct Quadrature: Sendable {
    let points: [Double]
    let weights: [Double]

    init(points count: Int) {
        var points: [Double] = [], weights: [Double] = []
        for number in 0..<count {
            // Newton's method from Tricomi's approximation of the roots of Legendre's polynomial.
            var root = cos(Double.pi * (Double(number) + 0.75) / (Double(count) + 0.5))
            var slope = 1.0
            for _ in 0..<20 {
                let (value, derivative) = Self.legendre(count, root)
                slope = derivative
                let step = value / derivative
                root -= step
                if abs(step) < 1e-15 { break }
            }
            points.append((1 + root) / 2)
            weights.append(1 / ((1 - root * root) * slope * slope))
        }
        self.points = points
        self.weights = weights
    }

    /// A Legendre polynomial and its derivative, inside of (−1, 1).
    private static func legendre(_ degree: Int, _ x: Double) -> (value: Double, derivative: Double) {
        var (before, value) = (1.0, x)
        for number in stride(from: 2, through: degree, by: 1) {
            let n = Double(number)
            (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n)
        }
        let derivative = Double(degree) * (x * value - before) / (x * x - 1)
        return (value, derivative)
    }
}

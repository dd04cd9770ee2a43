/// Minimises a smooth function by its value and gradient.
///
/// Source: Nocedal and Wright, "Numerical Optimization", algorithms 7.4 and 7.5. A step is accepted by the weak Wolfe
/// conditions, found by bisection.
struct LimitedMemoryBFGS {
    /// How many past steps tell the curvature.
    var memory = 10
    var maxIterations = 100
    /// It has converged when no derivative is greater.
    var tolerance = 1e-4

    /// Returns the best point found, `start` if there is none better.
    func minimize(
        _ start: [Double], isOver: () -> Bool,
        _ function: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Double
    ) -> [Double] {
        var state = State(start, memory: memory)
        state.value = state.point.withUnsafeBufferPointer { point in
            state.gradient.withUnsafeMutableBufferPointer { function(point, $0) }
        }
        guard state.value.isFinite else { return start }
        var iteration = 0
        while iteration < maxIterations, state.steepest > tolerance, !isOver() {
            state.chooseDirection()
            guard state.step(function) else {
                // Without memory the direction is the gradient's; when that fails too, this is the lowest point.
                guard state.forget() else { break }
                continue
            }
            iteration += 1
        }
        return state.point
    }

    private struct State {
        var point: [Double]
        var value = Double.infinity
        var gradient: [Double]
        private var direction: [Double]
        private var nextPoint: [Double]
        private var nextGradient: [Double]
        /// Step after step what was moved, and by how much the gradient changed; a ring of `memory` of each.
        private var moves: [Double]
        private var changes: [Double]
        private var curvatures: [Double]
        private var coefficients: [Double]
        private let memory: Int
        private var known = 0
        private var next = 0

        init(_ start: [Double], memory: Int) {
            point = start
            self.memory = memory
            gradient = Array(repeating: 0, count: start.count)
            (direction, nextPoint, nextGradient) = (gradient, gradient, gradient)
            moves = Array(repeating: 0, count: start.count * memory)
            changes = moves
            curvatures = Array(repeating: 0, count: memory)
            coefficients = curvatures
        }

        var steepest: Double { gradient.reduce(0) { max($0, abs($1)) } }

        /// Drops the memory; false if there was none.
        mutating func forget() -> Bool {
            defer { known = 0 }
            return known > 0
        }

        /// The two-loop recursion.
        mutating func chooseDirection() {
            let size = point.count
            for place in 0..<size { direction[place] = -gradient[place] }
            guard known > 0 else {
                let length = Self.dot(gradient, gradient).squareRoot()
                for place in 0..<size { direction[place] /= max(length, 1e-300) }
                return
            }
            for age in 1...known {
                let slot = slot(age)
                coefficients[slot] = Self.dot(moves, slot * size, direction) / curvatures[slot]
                Self.add(-coefficients[slot], changes, slot * size, to: &direction)
            }
            let latest = slot(1)
            let scale = curvatures[latest] / Self.dot(changes, latest * size, changes, latest * size, size)
            for place in 0..<size { direction[place] *= scale }
            for age in (1...known).reversed() {
                let slot = slot(age)
                let correction = Self.dot(changes, slot * size, direction) / curvatures[slot]
                Self.add(coefficients[slot] - correction, moves, slot * size, to: &direction)
            }
        }

        private func slot(_ age: Int) -> Int { (next - age + memory) % memory }

        /// Goes along the direction; false when no step lowers the value.
        mutating func step(
            _ function: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Double
        ) -> Bool {
            let slope = Self.dot(gradient, direction)
            guard slope < 0 else { return false }
            var (low, high, length) = (0.0, Double.infinity, 1.0)
            for _ in 0..<40 {
                let reached = tryStep(length, function)
                if !(reached <= value + 1e-4 * length * slope) {
                    high = length
                } else if Self.dot(nextGradient, direction) < 0.9 * slope {
                    low = length
                } else {
                    accept(reached)
                    return true
                }
                length = high < .infinity ? (low + high) / 2 : 2 * length
                guard length < 1e20, high - low > 1e-14 * high || high == .infinity else { break }
            }
            // A long enough step was not found, but a lower point was.
            guard low > 0 else { return false }
            accept(tryStep(low, function))
            return true
        }

        private mutating func tryStep(
            _ length: Double, _ function: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Double
        ) -> Double {
            for place in point.indices { nextPoint[place] = point[place] + length * direction[place] }
            return nextPoint.withUnsafeBufferPointer { point in
                nextGradient.withUnsafeMutableBufferPointer { function(point, $0) }
            }
        }

        private mutating func accept(_ reached: Double) {
            let size = point.count
            for place in 0..<size {
                moves[next * size + place] = nextPoint[place] - point[place]
                changes[next * size + place] = nextGradient[place] - gradient[place]
            }
            let curvature = Self.dot(moves, next * size, changes, next * size, size)
            if curvature > 1e-16 * Self.dot(changes, next * size, changes, next * size, size) {
                curvatures[next] = curvature
                next = (next + 1) % memory
                known = min(known + 1, memory)
            }
            swap(&point, &nextPoint)
            swap(&gradient, &nextGradient)
            value = reached
        }

        private static func dot(_ left: [Double], _ right: [Double]) -> Double { dot(left, 0, right) }

        private static func dot(_ left: [Double], _ start: Int, _ right: [Double]) -> Double {
            dot(left, start, right, 0, right.count)
        }

        private static func dot(
            _ left: [Double], _ leftStart: Int, _ right: [Double], _ rightStart: Int, _ count: Int
        ) -> Double {
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    var sum = 0.0
                    for place in 0..<count { sum += left[leftStart + place] * right[rightStart + place] }
                    return sum
                }
            }
        }

        private static func add(_ factor: Double, _ source: [Double], _ start: Int, to target: inout [Double]) {
            target.withUnsafeMutableBufferPointer { target in
                source.withUnsafeBufferPointer { source in
                    for place in 0..<target.count { target[place] += factor * source[start + place] }
                }
            }
        }
    }
}

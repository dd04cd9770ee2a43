import LazuliEndpoints
import Testing

@Suite("Percentiles of durations")
struct LatencyHistogramTests {
    /// A sequence that is the same in every run. Source: SplitMix64.
    private struct Repeatable: RandomNumberGenerator {
        var state: UInt64 = 4
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    enum Distribution: String, CaseIterable, Sendable {
        case even, exponential, steps, tiny, huge, one
    }

    private func values(_ distribution: Distribution) -> [UInt64] {
        var random = Repeatable()
        switch distribution {
        case .even: return (0..<5_000).map { _ in .random(in: 100...1_000_000, using: &random) }
        case .exponential:
            // Each doubling as often as the others.
            return (0..<5_000).map { _ in
                let shift = UInt64.random(in: 14...60, using: &random)
                return UInt64.random(in: 0 ... .max, using: &random) >> shift
            }
        case .steps: return (0..<3_000).map { $0 < 2_900 ? 1_500 : 90_000 }
        case .tiny: return (0..<1_000).map { _ in .random(in: 0...70, using: &random) }
        case .huge: return (0..<500).map { _ in .random(in: 1 << 53...1 << 54, using: &random) }
        case .one: return [123_456]
        }
    }

    @Test("A percentile is within 3.2 percent of the exact one, and never below it", arguments: Distribution.allCases)
    func exactness(distribution: Distribution) throws {
        let values = values(distribution)
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        for share in [0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
            let exact = sorted[rank - 1]
            let found = try #require(histogram.percentile(share))
            #expect(found >= exact && Double(found) <= Double(exact) * 1.032, "\(share): \(found) for \(exact)")
        }
        #expect(histogram.count == UInt64(values.count))
        #expect(histogram.sum == values.reduce(0, +))
        #expect(histogram.largest == sorted.last)
    }

    @Test("The largest number there is has a percentile too")
    func largest() {
        var histogram = LatencyHistogram()
        histogram.record(.max)
        #expect(histogram.percentile(0.5) == .max)
    }

    @Test("Around every power of two values stay in order")
    func borders() throws {
        for power in 0..<63 {
            let border: UInt64 = 1 << UInt64(power)
            for value in [border - 1, border, border + 1] {
                var histogram = LatencyHistogram()
                histogram.record(value)
                histogram.record(1 << 63)
                let found = try #require(histogram.percentile(0.5))
                #expect(found >= value && Double(found) <= Double(value) * 1.032)
            }
        }
    }

    @Test("Adding one histogram to another is recording into one")
    func adding() {
        var left = LatencyHistogram(), right = LatencyHistogram(), both = LatencyHistogram()
        for value in values(.exponential) {
            if value % 3 == 0 { left.record(value) } else { right.record(value) }
            both.record(value)
        }
        var sum = left
        sum.add(right)
        #expect(sum == both)
        sum = right
        sum.add(left)
        #expect(sum == both)
        sum.add(LatencyHistogram())
        #expect(sum == both)
    }

    @Test("Nothing recorded has no percentile and no mean")
    func empty() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == nil)
        #expect(histogram.mean == nil)
        histogram.record(0)
        #expect(histogram.percentile(0.5) == 0)
        histogram.record(3)
        #expect(histogram.mean == 1.5)
    }
}

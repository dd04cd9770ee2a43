import LazuliTracking
import Testing

@Suite("Sampled histories")
struct HistorySampleTests {
    private func sample(_ values: [Double], limit: Int, steps: ClosedRange<Int64>? = nil) async throws -> [MetricPoint]
    {
        let bench = try TrackingBench()
        let run = try await bench.run()
        let metrics = values.enumerated().map {
            Metric(key: "m", value: $0.element, timestamp: 1, step: Int64($0.offset))
        }
        try await bench.runs.logBatch(metrics: metrics, params: [], tags: [], to: run, in: bench.scope)
        return try await bench.metrics.samples(
            ofRuns: [run], key: "m", steps: steps, maxResults: limit, in: bench.scope
        ).flatMap(\.points)
    }

    @Test("A short history comes whole, in the order of its steps")
    func short() async throws {
        #expect(try await sample([3, 1, 2], limit: 3).map(\.value) == [3, 1, 2])
    }

    @Test("A long history keeps its first, last, highest and lowest point")
    func extremes() async throws {
        var values = [Double](repeating: 0.5, count: 500)
        values[123] = 9
        values[377] = -9
        let points = try await sample(values, limit: 20)
        #expect(points.count == 20)
        #expect(points.first?.step == 0)
        #expect(points.last?.step == 499)
        #expect(points.map(\.step).contains(123))
        #expect(points.map(\.step).contains(377))
        #expect(points.map(\.step) == points.map(\.step).sorted())
    }

    @Test("One point is the last one; steps outside of the range are left out")
    func narrow() async throws {
        #expect(try await sample([1, 2, 3, 4], limit: 1).map(\.value) == [4])
        #expect(try await sample([1, 2, 3, 4], limit: 9, steps: 1...2).map(\.value) == [2, 3])
    }
}

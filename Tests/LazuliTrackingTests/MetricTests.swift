import LazuliResources
import LazuliTracking
import Testing

@Suite("Metrics")
struct MetricTests {
    private func log(_ bench: TrackingBench, _ run: String, _ points: [(Double, Int64, Int64)]) async throws {
        try await bench.runs.logBatch(
            metrics: points.map { Metric(key: "m", value: $0.0, timestamp: $0.1, step: $0.2) }, params: [], tags: [],
            to: run, in: bench.scope)
    }

    private func latest(_ bench: TrackingBench, _ run: String) async throws -> MetricPoint? {
        try await bench.runs.get(run, in: bench.scope).data.metrics.first?.point
    }

    @Test("The latest value is that of the highest step, then time, then value, in whatever order points come")
    func latestValue() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        try await log(bench, run, [(1, 10, 5), (2, 99, 1), (3, 10, 5)])
        #expect(try await latest(bench, run) == MetricPoint(value: 3, timestamp: 10, step: 5))
        try await log(bench, run, [(9, 100, 4)])
        #expect(try await latest(bench, run)?.value == 3)
        try await log(bench, run, [(0, 11, 5)])
        #expect(try await latest(bench, run)?.value == 0)
    }

    @Test("A point that is logged twice is kept once")
    func repeatedPoints() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        try await log(bench, run, [(1, 1, 1), (1, 1, 1), (2, 1, 1)])
        try await log(bench, run, [(1, 1, 1)])
        let history = try await bench.metrics.history(
            ofRun: run, key: "m", maxResults: nil, pageToken: nil, in: bench.scope)
        #expect(history.points.map(\.value) == [1, 2])
    }

    @Test("NaN stays NaN; infinities become the largest numbers")
    func specialValues() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        try await log(bench, run, [(.nan, 1, 1), (.infinity, 2, 2), (-.infinity, 3, 3), (.nan, 1, 1)])
        let points = try await bench.metrics.history(
            ofRun: run, key: "m", maxResults: nil, pageToken: nil, in: bench.scope
        ).points
        #expect(points.count == 3)
        #expect(points[0].value.isNaN)
        #expect(points[1].value == .greatestFiniteMagnitude)
        #expect(points[2].value == -.greatestFiniteMagnitude)
    }

    @Test("History comes oldest first, in pages that leave nothing out")
    func pages() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        try await log(bench, run, (0..<25).reversed().map { (Double($0), Int64($0), Int64($0)) })
        var values: [Double] = [], token: String?, pages = 0
        repeat {
            let page = try await bench.metrics.history(
                ofRun: run, key: "m", maxResults: 10, pageToken: token, in: bench.scope)
            values += page.points.map(\.value)
            token = page.nextPageToken
            pages += 1
        } while token != nil
        #expect(values == (0..<25).map(Double.init))
        #expect(pages == 3)
    }

    @Test("Unknown metrics have an empty history; page sizes below 1 and foreign tokens are refused")
    func badHistoryCalls() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        func history(_ size: Int?, _ token: String?) async throws -> Int {
            try await bench.metrics.history(
                ofRun: run, key: "none", maxResults: size, pageToken: token, in: bench.scope
            ).points.count
        }
        #expect(try await history(nil, nil) == 0)
        let size = await refusal { _ = try await history(0, nil) }
        #expect(size?.message.hasPrefix("Invalid value 0 for parameter 'max_results' supplied.") == true)
        #expect(await refusal { _ = try await history(5, "!!") }?.message.hasPrefix("Invalid page token") == true)
        #expect(await refusal { _ = try await history(5, "e30=") } != nil)
    }

    @Test("Negative times are refused")
    func negativeTime() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        let failure = await refusal { try await log(bench, run, [(1, -1, 0)]) }
        #expect(failure?.message.contains("'metrics[0].timestamp'") == true)
    }

    @Test("Points logged by many at once are all there")
    func parallelLogging() async throws {
        let bench = try TrackingBench()
        let run = try await bench.run()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for step in 0..<25 {
                        let metric = Metric(key: "m", value: Double(worker), timestamp: 1, step: Int64(step))
                        try await bench.runs.log(metric, to: run, in: bench.scope)
                    }
                }
            }
            try await group.waitForAll()
        }
        let history = try await bench.metrics.history(
            ofRun: run, key: "m", maxResults: nil, pageToken: nil, in: bench.scope)
        #expect(history.points.count == 200)
        #expect(try await latest(bench, run) == MetricPoint(value: 7, timestamp: 1, step: 24))
    }

    @Test("Histories of several runs come by run id and stop at the limit")
    func severalRuns() async throws {
        let bench = try TrackingBench()
        var runs: [String] = []
        for _ in 0..<3 {
            let run = try await bench.run()
            try await log(bench, run, [(1, 1, 1), (2, 2, 2)])
            runs.append(run)
        }
        let found = try await bench.metrics.histories(
            ofRuns: runs + ["unknown"], key: "m", maxResults: 5, in: bench.scope)
        #expect(found.map(\.runID) == runs.sorted())
        #expect(found.map(\.points.count) == [2, 2, 1])
    }
}

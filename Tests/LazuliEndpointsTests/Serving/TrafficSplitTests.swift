import LazuliEndpoints
import Testing

@Suite("Shares of traffic")
struct TrafficSplitTests {
    /// How many of 10,000 points, evenly laid over 0 to 100, each deployment gets.
    private func counts(_ split: TrafficSplit) -> [String: Int] {
        (0..<10_000).reduce(into: [:]) { counts, step in
            counts[split.deployment(at: Double(step) / 100) ?? "none", default: 0] += 1
        }
    }

    @Test(
        "Each deployment gets exactly its share of the range, and nobody what is given to nobody",
        arguments: [
            (["blue": 100], ["blue": 10_000]), (["blue": 90, "green": 10], ["blue": 9_000, "green": 1_000]),
            (["a": 33, "b": 33, "c": 34], ["a": 3_300, "b": 3_300, "c": 3_400]),
            (["blue": 100, "green": 0], ["blue": 10_000]), (["shadow": 10], ["shadow": 1_000, "none": 9_000]),
        ] as [([String: Int], [String: Int])])
    func shares(given: [String: Int], expected: [String: Int]) {
        #expect(counts(TrafficSplit(given)) == expected)
    }

    @Test("Stretches touch without overlapping: the last point before an end is the one's, the end is the other's")
    func borders() {
        let split = TrafficSplit(["a": 30, "b": 70])
        #expect(split.deployment(at: 0) == "a")
        #expect(split.deployment(at: Double(30).nextDown) == "a")
        #expect(split.deployment(at: 30) == "b")
        #expect(split.deployment(at: Double(100).nextDown) == "b")
    }

    @Test("No shares, or shares of zero, are an empty split that leads nowhere")
    func empty() {
        for split in [TrafficSplit(), TrafficSplit([:]), TrafficSplit(["blue": 0])] {
            #expect(split.isEmpty && split.names.isEmpty)
            #expect(split.deployment(at: 0) == nil)
        }
    }

    @Test("The order in which shares are written does not matter")
    func order() {
        let shares = (0..<10).map { ("deployment-\($0)", 10) }
        let forward = TrafficSplit(Dictionary(uniqueKeysWithValues: shares))
        let backward = TrafficSplit(Dictionary(uniqueKeysWithValues: shares.reversed()))
        #expect(forward == backward)
        #expect(forward.names == shares.map(\.0))
        #expect(forward != TrafficSplit(["deployment-0": 100]))
    }
}

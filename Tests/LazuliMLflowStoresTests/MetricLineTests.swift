import Testing

@testable import LazuliMLflowStores

struct MetricLineTests {
    private func series(_ text: String) -> (series: StoredSeries, badLines: [Int]) {
        MetricLines.series(Array(text.utf8), key: "loss")
    }

    @Test func `a line holds time, value and step`() {
        let read = series("1795248981007 0.3333333333333333 2\n1795248981008 1e-05 -3\n")
        #expect(read.series.timestamps == [1_795_248_981_007, 1_795_248_981_008])
        #expect(read.series.values == [0.3333333333333333, 1e-05])
        #expect(read.series.steps == [2, -3])
        #expect(read.badLines.isEmpty)
    }

    @Test func `lines of early versions have no step`() {
        #expect(series("5 1.5").series.steps == [0])
    }

    @Test func `what Python writes for values that are no numbers is read`() {
        let values = series("1 nan 0\n1 inf 0\n1 -inf 0\n").series.values
        #expect(values[0].isNaN)
        #expect(Array(values.dropFirst()) == [.infinity, -.infinity])
    }

    @Test func `a step stays when a dataset is named behind it`() {
        #expect(series("1 0.5 7 train 2981c147\n").series.steps == [7])
    }

    @Test func `lines that are no points are told by number, and the others kept`() {
        let read = series("1 0.5 0\nrubbish\n2 x 0\r\n3 0.7 1\r\n\n")
        #expect(read.series.values == [0.5, 0.7])
        #expect(read.badLines == [2, 3])
    }

    @Test func `lines of a logged model name run and dataset`() {
        let text = "1 0.5 0 abc\n2 0.6 1 abc my data 2981c147\n3 0.7 1\n"
        let read = MetricLines.modelMetrics(Array(text.utf8), key: "acc")
        #expect(read.metrics.map(\.runID) == ["abc", "abc"])
        #expect(read.metrics[1].datasetName == "my data")
        #expect(read.metrics[1].datasetDigest == "2981c147")
        #expect(read.badLines == [3])
    }
}

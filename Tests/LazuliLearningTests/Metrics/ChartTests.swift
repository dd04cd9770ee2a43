import LazuliResources
import Testing

@testable import LazuliLearning

@Suite("Charts as data")
struct ChartTests {
    private static let charts = ClassificationCharts(
        truth: [0, 0, 1, 1],
        predictions: Predictions(width: 2, values: [0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8]), labels: ["no", "yes"])

    @Test("The confusion matrix counts true classes by row")
    func confusionMatrix() {
        let matrix = Self.charts.confusionMatrix
        #expect(matrix["schema_type"] == "confusion_matrix")
        #expect(matrix["data"]["class_labels"] == ["no", "yes"])
        #expect(matrix["data"]["matrix"] == [[2, 0], [1, 1]])
    }

    @Test("The accuracy table counts for each class and threshold, and each row of counts sums to the rows")
    func accuracyTable() {
        let data = Self.charts.accuracyTable["data"]
        let tables = data["probability_tables"].array ?? []
        #expect(tables.count == 2)
        #expect(data["probability_thresholds"].numbers.count == 101)
        let ofYes = tables[1].array ?? []
        #expect(ofYes.first == [2, 2, 0, 0])
        #expect(ofYes[38] == [1, 1, 1, 1])
        #expect(ofYes.last == [0, 0, 2, 2])
        for table in tables + (data["percentile_tables"].array ?? []) {
            #expect((table.array ?? []).allSatisfy { $0.integers.reduce(0, +) == 4 })
        }
    }

    @Test("The characteristic rises from the origin to one")
    func characteristic() {
        let curve = Self.charts.receiverOperatingCharacteristic[1]
        #expect(curve == Curve(name: "yes", x: [0, 0, 0.5, 0.5, 1], y: [0, 0.5, 0.5, 1, 1]))
    }

    @Test("Gains end with all rows, and lift ends at one")
    func gainsAndLift() {
        #expect(Self.charts.cumulativeGains[1].y.last == 1)
        #expect(Self.charts.lift[1].y == [2, 1, 4.0 / 3, 1])
    }

    @Test("Calibration compares mean probability with frequency")
    func calibration() {
        let curve = Self.charts.calibration[1]
        #expect(curve.y == [0, 1, 0, 1])
    }

    @Test("A curve of many points keeps its ends, and the shape of a steep beginning")
    func thins() {
        let count = 10_000
        let curve = Curve(
            name: "steep", x: (0..<count).map { Double($0) / Double(count) },
            y: (0..<count).map { 1 - 1 / (1 + Double($0)) })
        let thin = curve.thinned()
        #expect(thin.x.count > 100 && thin.x.count <= 200)
        #expect(thin.x.first == 0 && thin.x.last == curve.x.last)
        // Half of the height lies between the first two points.
        #expect(Array(thin.x[0...3]) == Array(curve.x[0...3]))
        #expect(zip(thin.x, thin.x.dropFirst()).allSatisfy { $1 - $0 < 0.02 })
    }

    @Test("A class that does not occur has no curve")
    func leavesOutAbsentClass() {
        let charts = ClassificationCharts(
            truth: [0, 1], predictions: Predictions(width: 3, values: [1, 0, 0, 0, 1, 0]), labels: ["a", "b", "c"])
        #expect(charts.receiverOperatingCharacteristic.map(\.name) == ["a", "b"])
        #expect(charts.all.count == 7)
    }

    @Test("Residuals are all counted, and binned predictions too")
    func regression() {
        let truth = (0..<50).map(Double.init)
        let charts = RegressionCharts(
            truth: truth, predictions: Predictions(width: 1, values: truth.map { $0 == 7 ? 90 : $0 + 1 }))
        #expect(charts.residuals["data"]["bin_counts"].integers.reduce(0, +) == 50)
        #expect(charts.residuals["data"]["bin_edges"].numbers.last == 83)
        #expect(charts.predictedTrue["data"]["bin_counts"].integers.reduce(0, +) == 50)
        #expect(charts.predictedTrue["data"]["bin_averages"].array?.count == 7)
    }

    @Test("A regressor without an error has charts too")
    func perfectRegression() {
        let charts = RegressionCharts(truth: [2, 2], predictions: Predictions(width: 1, values: [2, 2]))
        #expect(charts.residuals["data"]["bin_counts"].integers.reduce(0, +) == 2)
        #expect(charts.predictedTrue["data"]["bin_counts"].integers.reduce(0, +) == 2)
    }
}

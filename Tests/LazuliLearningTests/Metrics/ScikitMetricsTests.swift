import LazuliResources
import Testing

@testable import LazuliLearning

/// A case of the fixture.
struct MetricsCase: CustomTestStringConvertible {
    let json: JSON
    var testDescription: String { json["name"].string ?? "" }
    var weights: [Double]? { json["weights"].numbersIfAny }

    static let classification = (LearningFixture.metrics["classification"].array ?? []).map(MetricsCase.init)
    static let regression = (LearningFixture.metrics["regression"].array ?? []).map(MetricsCase.init)

    /// Checks that all values are there, no others, and that each is scikit-learn's to 1e-9.
    func expect(_ values: [(metric: Metric, value: Double)]) {
        #expect(Set(values.map(\.metric.rawValue)) == Set((json["values"].object ?? JSONObject()).keys))
        for (metric, value) in values {
            let expected = json["values"][metric.rawValue].number ?? .nan
            #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(metric.rawValue)")
        }
    }
}

@Suite("Metrics agree with scikit-learn")
struct ScikitMetricsTests {
    @Test("There are cases to agree on")
    func hasCases() {
        #expect(MetricsCase.classification.count > 10)
        #expect(MetricsCase.regression.count > 10)
    }

    @Test("Of classes, to a billionth", arguments: MetricsCase.classification)
    func classification(one: MetricsCase) {
        let predictions = Predictions(width: one.json["classes"].integer ?? 0, values: one.json["predictions"].numbers)
        let metrics = ClassificationMetrics(
            truth: one.json["truth"].integers, predictions: predictions, weights: one.weights,
            positiveClass: one.json["positive"].integer)
        one.expect(metrics.all)
    }

    @Test("Of values, to a billionth", arguments: MetricsCase.regression)
    func regression(one: MetricsCase) {
        let range = one.json["range"].numbersIfAny.map { $0[0]...$0[1] }
        let metrics = RegressionMetrics(
            truth: one.json["truth"].numbers,
            predictions: Predictions(width: 1, values: one.json["predictions"].numbers),
            weights: one.weights, range: range)
        one.expect(metrics.all)
    }

    @Test(
        "The fast scorer says the same of classes, unless single precision cannot tell scores apart",
        arguments: MetricsCase.classification.filter { !$0.testDescription.contains("single precision") })
    func scoresClasses(one: MetricsCase) {
        let width = one.json["classes"].integer ?? 0
        let predictions = Predictions(width: width, values: one.json["predictions"].numbers)
        let truth = one.json["truth"].integers
        let metrics = ClassificationMetrics(truth: truth, predictions: predictions, weights: one.weights)
        for metric in Metric.all(for: .classification(classes: width)) where !metric.needsPositiveClass {
            var scorer = MetricScorer(
                metric, task: .classification(classes: width), targets: truth.map(Double.init), weights: one.weights)
            for _ in 0..<2 {
                let (value, expected) = (scorer.value(predictions), metrics[metric])
                #expect((value == nil) == (expected == nil), "\(metric)")
                #expect(abs((value ?? 0) - (expected ?? 0)) < 1e-12, "\(metric)")
            }
        }
    }

    @Test("The fast scorer says the same of values", arguments: MetricsCase.regression)
    func scoresValues(one: MetricsCase) {
        let range = one.json["range"].numbersIfAny.map { $0[0]...$0[1] }
        let predictions = Predictions(width: 1, values: one.json["predictions"].numbers)
        let truth = one.json["truth"].numbers
        let metrics = RegressionMetrics(truth: truth, predictions: predictions, weights: one.weights, range: range)
        for metric in Metric.all(for: .regression) {
            var scorer = MetricScorer(
                metric, task: .regression, targets: truth, weights: one.weights, range: range)
            for _ in 0..<2 { #expect(scorer.value(predictions) == metrics[metric], "\(metric)") }
        }
    }
}

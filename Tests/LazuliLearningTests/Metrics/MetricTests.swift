import Testing

@testable import LazuliLearning

@Suite("Names of metrics")
struct MetricTests {
    @Test(
        "A metric is found under each of Azure's spellings",
        arguments: [
            ("AUC_weighted", Metric.aucWeighted), ("AUCWeighted", .aucWeighted), ("auc_weighted", .aucWeighted),
            ("NormMacroRecall", .normMacroRecall), ("accuracy", .accuracy), ("R2Score", .r2),
            ("normalized_root_mean_squared_error", .normalizedRootMeanSquaredError),
            ("NormalizedMeanAbsoluteError", .normalizedMeanAbsoluteError),
            ("PrecisionScoreWeighted", .precisionWeighted), ("spearman_correlation", .spearmanCorrelation),
        ])
    func findsSpellings(spelling: String, metric: Metric) {
        #expect(Metric(named: spelling) == metric)
    }

    @Test("A name of no metric finds none")
    func findsNothing() {
        #expect(Metric(named: "loveliness") == nil)
    }

    @Test("Every metric is found under its wire name", arguments: Metric.allCases)
    func findsWireNames(metric: Metric) {
        #expect(Metric(named: metric.wireName) == metric)
    }

    @Test("The wire names of the primary metrics are those of Azure's enumerations")
    func namesPrimaryMetrics() {
        #expect(
            Metric.primary(for: .classification(classes: 2)).map(\.wireName) == [
                "AUCWeighted", "Accuracy", "NormMacroRecall", "AveragePrecisionScoreWeighted",
                "PrecisionScoreWeighted",
            ])
        #expect(
            Metric.primary(for: .regression).map(\.wireName) == [
                "NormalizedRootMeanSquaredError", "R2Score", "NormalizedMeanAbsoluteError", "SpearmanCorrelation",
            ])
    }

    @Test("Errors are better when small, all else when great")
    func tellsDirection() {
        #expect(!Metric.logLoss.greaterIsBetter)
        #expect(!Metric.normalizedRootMeanSquaredError.greaterIsBetter)
        #expect(Metric.aucWeighted.greaterIsBetter)
        #expect(Metric.r2.greaterIsBetter)
    }
}

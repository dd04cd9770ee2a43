import Testing

@testable import LazuliLearning

@Suite("Losses of the search")
struct MetricScorerTests {
    @Test("A prediction that is no number is the worst of all", arguments: Metric.allCases)
    func refusesNaN(metric: Metric) {
        let task: LearningTask = metric.isOfRegression ? .regression : .classification(classes: 2)
        var scorer = MetricScorer(metric, task: task, targets: [0, 1, 0])
        var values = Array(repeating: 0.5, count: 3 * task.width)
        values[0] = .nan
        #expect(scorer.loss(Predictions(width: task.width, values: values)) == .infinity)
    }

    @Test("A better model has a smaller loss, whichever way the metric goes", arguments: Metric.allCases)
    func orders(metric: Metric) {
        guard !metric.needsPositiveClass || metric == .aucBinary else { return }
        let task: LearningTask = metric.isOfRegression ? .regression : .classification(classes: 2)
        var scorer = MetricScorer(metric, task: task, targets: metric.isOfRegression ? [1, 2, 3, 4] : [0, 1, 0, 1])
        let better = metric.isOfRegression ? [1, 2, 3, 4.1] : [0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6]
        let worse = metric.isOfRegression ? [2, 1, 4, 3.1] : [0.4, 0.6, 0.7, 0.3, 0.7, 0.3, 0.4, 0.6]
        let least = scorer.loss(Predictions(width: task.width, values: better))
        #expect(least < scorer.loss(Predictions(width: task.width, values: worse)))
    }

    @Test("The area under the curve has no value when all rows are of one class, so its loss is infinite")
    func knowsNoArea() {
        var scorer = MetricScorer(.aucWeighted, task: .classification(classes: 2), targets: [1, 1])
        #expect(scorer.loss(Predictions(width: 2, values: [0.1, 0.9, 0.2, 0.8])) == .infinity)
    }

    @Test("Ranking keeps the exact order of many scores with ties")
    func ranks() {
        var state: UInt64 = 7
        let scores = (0..<3000).map { _ -> Double in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(Int(state >> 54)) / 100 - 3 + Double(state >> 62) * 1e-11
        }
        var ranking = Ranking()
        for _ in 0..<2 {
            let ranked = ranking.withRows(count: scores.count, score: { scores[$0] }) { rows in
                (0..<rows.count).map { rows[$0] }
            }
            #expect(ranked.map { scores[$0] } == scores.sorted())
            #expect(Set(ranked).count == scores.count)
        }
    }
}

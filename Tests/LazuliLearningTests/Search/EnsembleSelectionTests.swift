import Testing

@testable import LazuliLearning

@Suite("Choosing an ensemble")
struct EnsembleSelectionTests {
    @Test("Models that err in opposite directions share the weight")
    func averages() {
        let selection = EnsembleSelection(
            [[1, 3, 5], [3, 5, 7], [9, 9, 9]], targets: [2, 4, 6], weights: nil, task: .regression)
        let chosen = selection.chosen(rounds: 10)
        #expect(chosen.weights == [0.5, 0.5, 0])
        #expect(chosen.loss == 0)
    }

    @Test("A model that nothing improves stands alone")
    func keepsBest() {
        let selection = EnsembleSelection(
            [[0.1, 0.9, 0.9, 0.1], [0.5, 0.5, 0.5, 0.5]], targets: [1, 0], weights: nil,
            task: .classification(classes: 2))
        #expect(selection.chosen(rounds: 10).weights == [1, 0])
    }
}

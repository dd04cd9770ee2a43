import Testing

@testable import LazuliLearning

@Suite("Choosing an ensemble")
struct EnsembleSelectionTests {
    @Test("Models that err in opposite directions share the weight")
    func averages() {
        let selection = EnsembleSelection(
            [[1, 3, 5], [3, 5, 7], [9, 9, 9]], targets: [2, 4, 6], weights: nil, task: .regression,
            kinds: [nil, nil, nil])
        let chosen = selection.chosen(rounds: 10)
        #expect(chosen.weights == [0.5, 0.5, 0])
        #expect(chosen.loss == 0)
    }

    @Test("A model that nothing improves stands alone")
    func keepsBest() {
        let selection = EnsembleSelection(
            [[0.1, 0.9, 0.9, 0.1], [0.5, 0.5, 0.5, 0.5]], targets: [1, 0], weights: nil,
            task: .classification(classes: 2), kinds: [nil, nil])
        #expect(selection.chosen(rounds: 10).weights == [1, 0])
    }

    @Test("Of models of a kind that is chosen once, the others are left out")
    func choosesOneOfAKind() {
        let selection = EnsembleSelection(
            [[1, 3, 5], [3, 5, 7], [9, 9, 9]], targets: [2, 4, 6], weights: nil, task: .regression,
            kinds: ["forest", "forest", nil])
        let chosen = selection.chosen(rounds: 10)
        #expect(chosen.weights[0] == 0 || chosen.weights[1] == 0)
    }

    @Test("On halves of the rows weights add up to 1, and only one of a kind has any")
    func choosesOnHalves() {
        let selection = EnsembleSelection(
            [[1, 3, 5, 7], [3, 5, 7, 9], [9, 9, 9, 9], [1, 3, 5, 8]], targets: [2, 4, 6, 8], weights: nil,
            task: .regression, kinds: ["forest", nil, nil, "forest"])
        let (weights, loss) = selection.chosenOnHalves(5, rounds: 10, seed: 1)
        #expect(abs(weights.reduce(0, +) - 1) < 1e-6)
        #expect(weights[0] == 0 || weights[3] == 0)
        #expect(loss < 1)
    }
}

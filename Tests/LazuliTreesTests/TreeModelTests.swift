import Testing

@testable import LazuliTrees

@Suite("Trees as values")
struct TreeModelTests {
    @Test("A model without trees starts from zero for each output")
    func startsFromZero() {
        #expect(TreeModel(width: 3).start == [0, 0, 0])
    }
}

import Testing

@testable import LazuliLearning

@Suite("Rows of features")
struct FeatureMatrixTests {
    @Test("Chosen rows keep the order in which they were chosen")
    func choosesRows() {
        let matrix = FeatureMatrix(rowCount: 3, columnCount: 2, values: [1, 2, 3, 10, 20, 30])
        #expect(matrix.rows([2, 0]).values == [3, 1, 30, 10])
    }
}

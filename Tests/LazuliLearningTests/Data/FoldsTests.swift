import Testing

@testable import LazuliLearning

@Suite("Folds")
struct FoldsTests {
    private let classes = (0..<100).map { Double($0 % 10 == 0 ? 1 : 0) }

    @Test("Every row is validated on once, and never learned from in the same fold")
    func partition() {
        let folds = Folds(.folds(3), of: classes, task: .classification(classes: 2), seed: 7)
        #expect(folds.validated == Array(0..<100))
        for fold in folds.folds { #expect(Set(fold.training).isDisjoint(with: fold.validation)) }
    }

    @Test("A rare class is in every fold")
    func stratifies() {
        let folds = Folds(.folds(5), of: classes, task: .classification(classes: 2), seed: 7)
        for fold in folds.folds { #expect(fold.validation.count { classes[$0] == 1 } == 2) }
    }

    @Test("The number of folds is Azure's", arguments: [(999, 10), (1_000, 3), (20_000, 3)])
    func usual(rows: Int, folds: Int) {
        #expect(Folds.Split.usual(rows: rows) == .folds(folds))
    }

    @Test("Of more than 20,000 rows a tenth is held out")
    func holdout() {
        #expect(Folds.Split.usual(rows: 20_001) == .holdout(0.1))
        let folds = Folds(.holdout(0.1), of: classes, task: .classification(classes: 2), seed: 7)
        #expect(folds.folds.count == 1 && folds.validated.count == 10)
    }
}

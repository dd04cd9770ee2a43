/// Decision trees laid out for speed; adds up what their leaves say of rows of numbers.
///
/// Trees split by "left if the value is at most the threshold", or by category; whoever drafts a forest brings other forms
/// to these.
final class Forest {
    /// Numbers that the trees add up to, per row.
    let width: Int
    private let features: Int
    private let trees: Trees

    private enum Trees {
        /// None has more leaves than the kernel takes.
        case small(SmallTreeForest)
        case walked(WalkedForest)
    }

    /// - Returns: nil for large trees that split by category.
    init?(_ draft: ForestDraft, features: Int) {
        width = draft.width
        self.features = features
        if let small = SmallTreeForest(draft, features: features) {
            trees = .small(small)
        } else if draft.categories.isEmpty {
            trees = .walked(WalkedForest(draft))
        } else {
            return nil
        }
    }

    /// Adds what the trees say of each row to `sums`, `width` numbers a row. A missing value is NaN.
    func add(rows: UnsafePointer<Double>, count: Int, to sums: UnsafeMutablePointer<Double>) {
        switch trees {
        case .small(let forest): forest.add(rows: rows, count: count, to: sums)
        case .walked(let forest): forest.add(rows: rows, count: count, features: features, to: sums)
        }
    }
}

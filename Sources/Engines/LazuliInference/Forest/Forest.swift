/// Decision trees laid out for speed; adds up what their leaves say of rows of numbers.
///
/// All trees are of the form "left if the value is at most the threshold"; whoever drafts a forest brings others to it.
final class Forest {
    /// Numbers that the trees add up to, per row.
    let width: Int
    private let features: Int
    /// Nil if a tree is too large for it.
    private let small: SmallTreeForest?
    private let walked: WalkedForest

    init(_ draft: ForestDraft, features: Int) {
        width = draft.width
        self.features = features
        small = SmallTreeForest(draft, features: features)
        walked = WalkedForest(draft)
    }

    /// Adds what the trees say of each row to `sums`, `width` numbers a row.
    /// - Parameter hasMissing: whether a number may be NaN.
    func add(rows: UnsafePointer<Double>, count: Int, hasMissing: Bool, to sums: UnsafeMutablePointer<Double>) {
        if let small, !hasMissing {
            small.add(rows: rows, count: count, to: sums)
        } else {
            walked.add(rows: rows, count: count, features: features, to: sums)
        }
    }
}

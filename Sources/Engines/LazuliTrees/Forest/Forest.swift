/// Decision trees laid out for speed; adds up what their leaves say of rows of numbers.
///
/// Trees split by "left if the value is at most the threshold", or by category; whoever drafts a forest brings other forms
/// to these.
package final class Forest: Sendable {
    /// Numbers that the trees add up to, per row.
    package let width: Int
    private let features: Int
    /// The trees that have no more leaves than the kernel takes.
    private let small: SmallTreeForest?
    private let walked: WalkedForest?

    /// Memory that one call at a time works in.
    package final class Scratch {
        let memory: UnsafeMutableRawPointer

        fileprivate init(bytes: Int) { memory = .allocate(byteCount: max(bytes, 64), alignment: 64) }
        deinit { memory.deallocate() }
    }

    /// - Returns: nil for large trees that split by category.
    package init?(_ draft: ForestDraft, features: Int) {
        width = draft.width
        self.features = features
        var table = SplitTable(features: features)
        let isSmall = draft.trees.map { table.add($0, of: draft) }
        small = isSmall.contains(true) ? SmallTreeForest(table, features: features, width: draft.width) : nil
        guard isSmall.contains(false) else {
            walked = nil
            return
        }
        guard draft.categories.isEmpty else { return nil }
        walked = WalkedForest(draft.keeping { !isSmall[$0] })
    }

    package func makeScratch() -> Scratch { Scratch(bytes: small?.scratchSize ?? 0) }

    /// Adds what the trees say of each row to `sums`, `width` numbers a row. A missing value is NaN.
    package func add(
        rows: UnsafePointer<Double>, count: Int, to sums: UnsafeMutablePointer<Double>, in scratch: Scratch
    ) {
        small?.add(rows: rows, count: count, to: sums, in: scratch.memory)
        walked?.add(rows: rows, count: count, features: features, to: sums)
    }
}

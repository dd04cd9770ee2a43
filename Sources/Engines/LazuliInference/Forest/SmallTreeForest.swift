import ForestKernel

/// A forest whose trees have at most 64 leaves each, laid out for the kernel.
final class SmallTreeForest {
    private var forest = lz_forest()
    private let scratch: UnsafeMutableRawPointer
    private var memory: [UnsafeMutableRawPointer] = []

    /// - Returns: nil if a tree has more leaves.
    init?(_ draft: ForestDraft, features: Int) {
        var table = SplitTable(features: features)
        for (number, tree) in draft.trees.enumerated() {
            guard table.add(tree.root, of: draft, number: number) else { return nil }
        }
        let numbers = table.numbers(), lists = table.lists()
        forest.features = features
        forest.trees = draft.trees.count
        forest.width = draft.width
        scratch = .allocate(byteCount: max(lz_forest_scratch(&forest), 64), alignment: 64)
        forest.splits = keep(numbers.splits)
        forest.first_split = keep(numbers.firstSplit)
        forest.thresholds = keep(numbers.thresholds)
        forest.first_threshold = keep(numbers.firstThreshold)
        forest.failed = keep(numbers.failed)
        forest.categories = keep(lists.categories)
        forest.listed = keep(lists.listed)
        forest.first_in_list = keep(lists.firstInList)
        forest.leaves = keep(table.leaves)
        forest.first_leaf = keep(table.firstLeaf)
    }

    deinit {
        scratch.deallocate()
        for part in memory { part.deallocate() }
    }

    private func keep<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        copy.initialize(from: elements, count: elements.count)
        memory.append(UnsafeMutableRawPointer(copy))
        return UnsafePointer(copy)
    }

    /// Adds what the trees say of each row to `sums`.
    func add(rows: UnsafePointer<Double>, count: Int, to sums: UnsafeMutablePointer<Double>) {
        lz_forest_add(&forest, rows, count, scratch, sums)
    }
}

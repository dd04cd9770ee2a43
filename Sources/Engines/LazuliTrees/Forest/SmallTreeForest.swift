import ForestKernel

/// A forest whose trees have at most 64 leaves each, laid out for the kernel. Never written after `init`.
final class SmallTreeForest: @unchecked Sendable {
    private var forest = lz_forest()
    private var memory: [UnsafeMutableRawPointer] = []

    init(_ table: SplitTable, features: Int, width: Int) {
        let numbers = table.numbers(), lists = table.lists()
        forest.features = features
        forest.trees = table.firstLeaf.count
        forest.width = width
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
        forest.output = keep(table.outputs)
    }

    deinit { for part in memory { part.deallocate() } }

    private func keep<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        copy.initialize(from: elements, count: elements.count)
        memory.append(UnsafeMutableRawPointer(copy))
        return UnsafePointer(copy)
    }

    /// Bytes of memory that a call works in, aligned to 64.
    var scratchSize: Int { withUnsafePointer(to: forest) { lz_forest_scratch($0) } }

    /// Adds what the trees say of each row to `sums`.
    func add(
        rows: UnsafePointer<Double>, count: Int, to sums: UnsafeMutablePointer<Double>,
        in scratch: UnsafeMutableRawPointer
    ) {
        withUnsafePointer(to: forest) { lz_forest_add($0, rows, count, scratch, sums) }
    }
}

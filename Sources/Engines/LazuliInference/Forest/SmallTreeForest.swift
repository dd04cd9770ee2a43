import ForestKernel

/// A forest whose trees have at most 64 leaves each, laid out for the kernel; rows with missing values are not for it.
final class SmallTreeForest {
    static let mostLeaves = 64
    private var forest = lz_forest()
    private let scratch: UnsafeMutableRawPointer
    private var memory: [UnsafeMutableRawPointer] = []

    /// - Returns: nil if a tree has more leaves.
    init?(_ draft: ForestDraft, features: Int) {
        var table = SplitTable(features: features)
        for (number, tree) in draft.trees.enumerated() {
            guard table.add(tree.root, of: draft, number: number) else { return nil }
        }
        let laidOut = table.laidOut()
        forest.features = features
        forest.trees = draft.trees.count
        forest.width = draft.width
        scratch = .allocate(byteCount: max(lz_forest_scratch(&forest), 64), alignment: 64)
        forest.splits = keep(laidOut.splits)
        forest.first_split = keep(laidOut.firstSplit)
        forest.thresholds = keep(laidOut.thresholds)
        forest.first_threshold = keep(laidOut.firstThreshold)
        forest.failed = keep(laidOut.failed)
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

/// The splits of all trees, gathered by feature.
private struct SplitTable {
    private struct Split {
        let threshold: Double
        let tree: UInt32
        let kept: UInt64
    }

    private var byFeature: [[Split]]
    private(set) var leaves: [Double] = []
    private(set) var firstLeaf: [UInt32] = []

    init(features: Int) { byFeature = Array(repeating: [], count: features) }

    /// - Returns: false if the tree has too many leaves.
    mutating func add(_ root: Int32, of draft: ForestDraft, number: Int) -> Bool {
        let first = leaves.count / draft.width
        firstLeaf.append(UInt32(first))
        return visit(Int(root), draft, UInt32(number), first)
    }

    private mutating func visit(_ place: Int, _ draft: ForestDraft, _ tree: UInt32, _ first: Int) -> Bool {
        let node = draft.nodes[place], child = Int(node.child)
        if child == place {
            leaves += draft.values[place * draft.width..<(place + 1) * draft.width]
            return leaves.count / draft.width - first <= SmallTreeForest.mostLeaves
        }
        let before = leaves.count / draft.width - first
        guard visit(child, draft, tree, first) else { return false }
        let after = leaves.count / draft.width - first
        // The leaves before the right branch that belong to this split's left one.
        let left = (after < 64 ? (UInt64(1) << after) - 1 : .max) & ~((UInt64(1) << before) - 1)
        byFeature[Int(node.feature)].append(Split(threshold: node.threshold, tree: tree, kept: ~left))
        return visit(child + 1, draft, tree, first)
    }

    struct LaidOut {
        var splits: [lz_split] = []
        var firstSplit: [UInt32] = [0]
        var thresholds: [Double] = []
        var firstThreshold: [UInt32] = [0]
        var failed: [UInt32] = []
    }

    func laidOut() -> LaidOut {
        var result = LaidOut()
        for feature in byFeature {
            var rank = -1, last = Double.nan, count: UInt32 = 0
            for split in feature.sorted(by: { $0.threshold < $1.threshold }) {
                if split.threshold != last {
                    rank += 1
                    last = split.threshold
                    result.thresholds.append(last)
                    result.failed.append(count)
                }
                result.splits.append(lz_split(kept: split.kept, tree: split.tree, rank: UInt32(rank)))
                count += 1
            }
            result.failed.append(count)
            result.firstSplit.append(UInt32(result.splits.count))
            result.firstThreshold.append(UInt32(result.thresholds.count))
        }
        return result
    }
}

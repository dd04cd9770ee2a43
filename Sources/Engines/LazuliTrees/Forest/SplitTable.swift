import ForestKernel

/// The splits of all trees, gathered by feature for the kernel.
struct SplitTable {
    private static let mostLeaves = 64

    fileprivate struct Split {
        let threshold: Double
        let missingGoesRight: Bool
        /// The categories that go left; nil for a split by threshold.
        let categories: Set<Int>?
        let tree: UInt32
        let kept: UInt64

        var listed: lz_split { lz_split(kept: kept, tree: tree, rank: 0) }
    }

    private var byFeature: [[Split]]
    private(set) var leaves: [Double] = []
    /// Per tree, where the first number of its first leaf stands in `leaves`.
    private(set) var firstLeaf: [UInt32] = []
    /// Per tree, the sum it adds to; −1 if its leaves hold a number for each.
    private(set) var outputs: [Int32] = []

    init(features: Int) { byFeature = Array(repeating: [], count: features) }

    /// - Returns: false if the tree has too many leaves; it is not added then.
    mutating func add(_ tree: WalkedForest.Tree, of draft: ForestDraft) -> Bool {
        guard Self.leafCount(Int(tree.root), draft, most: Self.mostLeaves) <= Self.mostLeaves else { return false }
        let number = UInt32(firstLeaf.count)
        firstLeaf.append(UInt32(leaves.count))
        outputs.append(tree.output)
        _ = visit(Int(tree.root), draft, number, leavesBefore: 0, each: tree.output < 0 ? draft.width : 1)
        return true
    }

    /// How many leaves lie below a node; counting ends beyond `most`.
    private static func leafCount(_ place: Int, _ draft: ForestDraft, most: Int) -> Int {
        let child = Int(draft.nodes[place].child)
        if child == place { return 1 }
        let left = leafCount(child, draft, most: most)
        return left >= most ? left + 1 : left + leafCount(child + 1, draft, most: most - left)
    }

    /// - Returns: how many leaves of the tree are known after the node.
    private mutating func visit(
        _ place: Int, _ draft: ForestDraft, _ tree: UInt32, leavesBefore before: Int, each width: Int
    ) -> Int {
        let node = draft.nodes[place], child = Int(node.child)
        if child == place {
            let first = Int(draft.places[place])
            leaves += draft.values[first..<first + width]
            return before + 1
        }
        let after = visit(child, draft, tree, leavesBefore: before, each: width)
        let left = Self.bits(below: after) & ~Self.bits(below: before)
        byFeature[Int(node.feature)].append(
            Split(
                threshold: node.threshold, missingGoesRight: node.missingGoesRight != 0,
                categories: draft.categories[place], tree: tree, kept: ~left))
        return visit(child + 1, draft, tree, leavesBefore: after, each: width)
    }

    private static func bits(below leaf: Int) -> UInt64 { leaf < 64 ? (1 << leaf) - 1 : .max }

    struct Numbers {
        var splits: [lz_split] = []
        var firstSplit: [UInt32] = [0]
        var thresholds: [Double] = []
        var firstThreshold: [UInt32] = [0]
        var failed: [UInt32] = []
    }

    /// The splits by threshold.
    func numbers() -> Numbers {
        var result = Numbers()
        for feature in byFeature {
            let splits = feature.filter { $0.categories == nil }.sorted { $0.threshold < $1.threshold }
            var rank = -1, last = Double.nan, count: UInt32 = 0
            for split in splits {
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

    struct Lists {
        var categories: [lz_categories] = []
        var listed: [lz_split] = []
        var firstInList: [UInt32] = [0]

        fileprivate mutating func add(_ splits: some Sequence<Split>) {
            listed += splits.map(\.listed)
            firstInList.append(UInt32(listed.count))
        }
    }

    /// The splits that a missing value fails, and those that each category fails.
    func lists() -> Lists {
        var result = Lists()
        for feature in byFeature { result.add(feature.filter { $0.categories == nil && $0.missingGoesRight }) }
        for feature in byFeature {
            let splits = feature.filter { $0.categories != nil }
            let count = splits.isEmpty ? 0 : 1 + (splits.compactMap { $0.categories?.max() }.max() ?? 0)
            result.categories.append(
                lz_categories(first_list: UInt32(result.firstInList.count - 1), count: UInt32(count)))
            guard !splits.isEmpty else { continue }
            for category in 0..<count { result.add(splits.filter { $0.categories?.contains(category) == false }) }
            result.add(splits)
        }
        return result
    }
}

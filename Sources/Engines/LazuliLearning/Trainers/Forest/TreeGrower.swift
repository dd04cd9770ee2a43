import LazuliTrees

/// How trees are grown.
struct TreeRules {
    var split: SplitRules
    var maxDepth: Int?
    /// How many columns are looked at in a node; more while none of them parts the rows.
    var columnsPerNode: Int
}

/// Grows trees over the same rows, one after another, into one model.
struct TreeGrower {
    private let binned: BinnedFeatures
    private let task: LearningTask
    private let rules: TreeRules
    /// What was taken off the targets.
    private let centre: Double
    private(set) var model: TreeModel
    private var scalar = ScalarHistogram()
    private var ofClasses: ClassHistogram
    private var spare: [TreeItem] = []
    /// Those whose values are not all alike, in an order that drawing changes.
    private var columns: [Int]

    /// Rows yet to be parted.
    private struct Pending {
        var range: Range<Int>
        var node: Int
        var depth: Int
    }

    init(_ binned: BinnedFeatures, task: LearningTask, rules: TreeRules, centre: Double) {
        self.binned = binned
        self.task = task
        self.rules = rules
        self.centre = centre
        model = TreeModel(width: task.width)
        ofClasses = ClassHistogram(classes: max(task.width, 2))
        columns = (0..<binned.columnCount).filter { !binned.bounds[$0].isEmpty || binned.hasMissing[$0] }
    }

    /// Whether sums of a single number per row are enough.
    private var isScalar: Bool { task.width <= 2 }

    /// Adds a tree. One that time cut short is taken back, unless it is the first.
    ///
    /// - Parameters:
    ///   - items: rows with weights above 0; they are reordered.
    ///   - isOver: asked at large nodes; they become leaves once it is.
    mutating func grow(_ items: inout [TreeItem], _ random: inout RandomNumbers, isOver: () -> Bool) {
        let (nodes, leaves) = (model.nodes.count, model.leaves.count)
        guard !growWhole(&items, &random, isOver), model.trees.count > 1 else { return }
        model.trees.removeLast()
        model.nodes.removeSubrange(nodes...)
        model.covers.removeSubrange(nodes...)
        model.leaves.removeSubrange(leaves...)
    }

    /// Returns whether there was time for all nodes.
    private mutating func growWhole(
        _ items: inout [TreeItem], _ random: inout RandomNumbers, _ isOver: () -> Bool
    ) -> Bool {
        if spare.count < items.count { spare = items }
        var isWhole = true
        let first = model.nodes.count
        var pending = [Pending(range: 0..<items.count, node: model.nodes.count, depth: 0)]
        model.trees.append(TreeModel.Tree(root: Int32(model.nodes.count), output: nil))
        addNode()
        while let next = pending.popLast() {
            if next.range.count > 4096, isOver() { isWhole = false }
            guard isWhole, let split = split(items, next, &random) else {
                addLeaf(items, next)
                continue
            }
            let middle = part(&items, next.range, split)
            let left = model.nodes.count
            model.nodes[next.node] = TreeModel.Node(
                feature: Int32(split.column), threshold: bound(split), missingGoesLeft: split.missingGoesLeft,
                left: Int32(left), right: Int32(left + 1))
            addNode()
            addNode()
            pending.append(Pending(range: middle..<next.range.upperBound, node: left + 1, depth: next.depth + 1))
            pending.append(Pending(range: next.range.lowerBound..<middle, node: left, depth: next.depth + 1))
        }
        addCovers(from: first)
        return isWhole
    }

    private mutating func addNode() {
        model.nodes.append(.leaf(0))
        model.covers.append(0)
    }

    /// Children stand behind their parents.
    private mutating func addCovers(from first: Int) {
        for place in stride(from: model.nodes.count - 1, through: first, by: -1) where !model.nodes[place].isLeaf {
            let node = model.nodes[place]
            model.covers[place] = model.covers[Int(node.left)] + model.covers[Int(node.right)]
        }
    }

    /// Turns sums over the trees into means.
    mutating func average() {
        let share = 1 / Double(max(model.trees.count, 1))
        for place in model.leaves.indices { model.leaves[place] *= share }
    }

    /// All known values go left when only the missing ones part.
    private func bound(_ split: Split) -> Float {
        let bounds = binned.bounds[split.column]
        return split.bin < bounds.count ? bounds[split.bin] : .greatestFiniteMagnitude
    }

    private mutating func split(_ items: [TreeItem], _ node: Pending, _ random: inout RandomNumbers) -> Split? {
        guard node.range.count >= 2 * rules.split.minSamplesLeaf, node.range.count > 1,
            node.depth < rules.maxDepth ?? .max
        else { return nil }
        return items.withUnsafeBufferPointer { items in
            let items = UnsafeBufferPointer(rebasing: items[node.range])
            return Self.areAlike(items) ? nil : bestSplit(items, &random)
        }
    }

    private static func areAlike(_ items: UnsafeBufferPointer<TreeItem>) -> Bool {
        for place in 1..<items.count where items[place].target != items[0].target { return false }
        return true
    }

    /// Looks at columns drawn without repetition.
    private mutating func bestSplit(_ items: UnsafeBufferPointer<TreeItem>, _ random: inout RandomNumbers) -> Split? {
        let scalarTotal = isScalar ? ScalarHistogram.total(items) : ScalarHistogram.Sum()
        let classTotal = isScalar ? [] : ofClasses.total(items)
        var (best, seen) = (Split?.none, 0)
        while seen < columns.count, seen < rules.columnsPerNode || best == nil {
            columns.swapAt(seen, seen + random.below(columns.count - seen))
            let column = columns[seen]
            seen += 1
            let found =
                isScalar
                ? scalar.split(
                    items, total: scalarTotal, column: column, in: binned, rules: rules.split, random: &random)
                : ofClasses.split(
                    items, total: classTotal, column: column, in: binned, rules: rules.split, random: &random)
            if let found, found.score > best?.score ?? -.infinity { best = found }
        }
        return best
    }

    /// Puts the rows that go left before the others, each side in its order; returns where the others begin.
    private mutating func part(_ items: inout [TreeItem], _ range: Range<Int>, _ split: Split) -> Int {
        let start = split.column * binned.rowCount
        return binned.bins.withUnsafeBufferPointer { bins in
            items.withUnsafeMutableBufferPointer { items in
                spare.withUnsafeMutableBufferPointer { spare in
                    var (left, right) = (range.lowerBound, 0)
                    for place in range {
                        let item = items[place]
                        let bin = bins[start + Int(item.row)]
                        let goesLeft = bin == BinnedFeatures.missing ? split.missingGoesLeft : Int(bin) <= split.bin
                        // Both are written, one counts: no branch to guess.
                        items[left] = item
                        spare[right] = item
                        left += goesLeft ? 1 : 0
                        right += goesLeft ? 0 : 1
                    }
                    for place in 0..<right { items[left + place] = spare[place] }
                    return left
                }
            }
        }
    }

    private mutating func addLeaf(_ items: [TreeItem], _ node: Pending) {
        model.nodes[node.node] = .leaf(model.leaves.count)
        var (total, sums) = (0.0, Array(repeating: 0.0, count: task.width))
        for item in items[node.range] {
            total += Double(item.weight)
            if task == .regression {
                sums[0] += Double(item.weight) * item.target
            } else {
                sums[Int(item.target)] += Double(item.weight)
            }
        }
        model.covers[node.node] = Float(total)
        model.leaves += sums.map { (total > 0 ? $0 / total : 0) + centre }
    }
}

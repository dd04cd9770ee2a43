/// Decision trees laid out for speed: sixteen bytes a node, both children side by side, leaves that lead to themselves.
///
/// A walk has no branch to mispredict, and eight walks go on at once, so that one's waiting for memory is the others' work.
/// All trees are of the form "left if the value is at most the threshold"; whoever builds a forest brings others to it.
struct Forest: ~Copyable {
    struct Node {
        var threshold: Double
        /// Of two children, the left one; of a leaf, the leaf itself.
        var child: Int32
        var feature: UInt16
        /// 1 if a missing value goes right.
        var missingGoesRight: UInt16
    }

    /// Numbers that the trees add up to, per row.
    let width: Int
    private let nodes: UnsafeMutablePointer<Node>
    /// `width` numbers per node, 0 for inner ones.
    private let values: UnsafeMutablePointer<Double>
    private let trees: [Tree]

    struct Tree {
        let root: Int32
        let depth: Int
    }

    init(_ draft: ForestDraft) {
        width = draft.width
        nodes = .allocate(capacity: draft.nodes.count)
        nodes.initialize(from: draft.nodes, count: draft.nodes.count)
        values = .allocate(capacity: draft.values.count)
        values.initialize(from: draft.values, count: draft.values.count)
        // Neighbours of equal depth end their walks together.
        trees = draft.trees.sorted { $0.depth < $1.depth }
    }

    deinit {
        nodes.deallocate()
        values.deallocate()
    }

    /// Adds what the trees say of each row to `sums`, `width` numbers a row.
    func add(
        rows: UnsafePointer<Double>, count: Int, features: Int, hasMissing: Bool, to sums: UnsafeMutablePointer<Double>
    ) {
        var row = 0
        while row + 8 <= count {
            for tree in trees {
                let leaves =
                    hasMissing
                    ? walk(tree, rows + row * features, features, WithMissing.self)
                    : walk(tree, rows + row * features, features, Complete.self)
                for lane in 0..<8 { add(leaves[lane], to: sums + (row + lane) * width) }
            }
            row += 8
        }
        while row < count {
            let first = rows + row * features
            if hasMissing {
                addOne(first, to: sums + row * width, WithMissing.self)
            } else {
                addOne(first, to: sums + row * width, Complete.self)
            }
            row += 1
        }
    }

    @inline(__always)
    private func add(_ leaf: Int32, to sums: UnsafeMutablePointer<Double>) {
        let value = values + Int(leaf) * width
        for target in 0..<width { sums[target] += value[target] }
    }

    /// One row, eight trees at a time.
    @inline(__always)
    private func addOne<Step: ForestStep>(
        _ row: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, _: Step.Type
    ) {
        var index = 0
        while index < trees.count {
            let last = min(index + 8, trees.count) - 1
            var places = SIMD8<Int32>()
            for lane in 0..<8 { places[lane] = trees[min(index + lane, last)].root }
            for _ in 0..<trees[last].depth {
                for lane in 0..<8 { places[lane] = Step.next(nodes[Int(places[lane])], row) }
            }
            for lane in 0...last - index { add(places[lane], to: sums) }
            index += 8
        }
    }

    /// One tree, eight rows.
    @inline(__always)
    private func walk<Step: ForestStep>(
        _ tree: Tree, _ rows: UnsafePointer<Double>, _ features: Int, _: Step.Type
    ) -> SIMD8<Int32> {
        var places = SIMD8<Int32>(repeating: tree.root)
        for _ in 0..<tree.depth {
            for lane in 0..<8 { places[lane] = Step.next(nodes[Int(places[lane])], rows + lane * features) }
        }
        return places
    }
}

/// How a walk goes on from a node.
private protocol ForestStep {
    static func next(_ node: Forest.Node, _ row: UnsafePointer<Double>) -> Int32
}

/// For rows without missing values.
private enum Complete: ForestStep {
    @inline(__always)
    static func next(_ node: Forest.Node, _ row: UnsafePointer<Double>) -> Int32 {
        node.child &+ (row[Int(node.feature)] > node.threshold ? 1 : 0)
    }
}

private enum WithMissing: ForestStep {
    @inline(__always)
    static func next(_ node: Forest.Node, _ row: UnsafePointer<Double>) -> Int32 {
        let value = row[Int(node.feature)]
        let isMissing: Int32 = value.isNaN ? 1 : 0
        return node.child &+ (value > node.threshold ? 1 : 0) &+ (isMissing & Int32(node.missingGoesRight))
    }
}

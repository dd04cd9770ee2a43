/// A forest evaluated from root to leaf: sixteen bytes a node, both children side by side, leaves that lead to themselves.
///
/// A walk has no branch to mispredict, and eight walks go on at once, so that one's waiting for memory is the others' work.
///
/// Never written after `init`.
final class WalkedForest: @unchecked Sendable {
    struct Node {
        var threshold: Double
        /// Of two children, the left one; of a leaf, the leaf itself.
        var child: Int32
        var feature: UInt16
        /// 1 if a missing value goes right.
        var missingGoesRight: UInt16
    }

    struct Tree {
        let root: Int32
        /// Steps from the root to the deepest leaf.
        let depth: Int32
        /// The sum that the tree adds to; −1 if its leaves hold a number for each.
        let output: Int32
    }

    private let width: Int
    private let nodes: UnsafeMutablePointer<Node>
    /// Per leaf, where its first number stands in `values`.
    private let places: UnsafeMutablePointer<UInt32>
    private let values: UnsafeMutablePointer<Double>
    private let trees: [Tree]

    init(_ draft: ForestDraft) {
        width = draft.width
        nodes = .allocate(capacity: draft.nodes.count)
        nodes.initialize(from: draft.nodes, count: draft.nodes.count)
        places = .allocate(capacity: draft.places.count)
        places.initialize(from: draft.places, count: draft.places.count)
        values = .allocate(capacity: draft.values.count)
        values.initialize(from: draft.values, count: draft.values.count)
        // Neighbours of equal depth end their walks together.
        trees = draft.trees.sorted { $0.depth < $1.depth }
    }

    deinit {
        nodes.deallocate()
        places.deallocate()
        values.deallocate()
    }

    func add(rows: UnsafePointer<Double>, count: Int, features: Int, to sums: UnsafeMutablePointer<Double>) {
        for row in 0..<count {
            let numbers = rows + row * features, target = sums + row * width
            var index = 0
            while index < trees.count {
                walkEight(from: index, numbers, target)
                index += 8
            }
        }
    }

    /// Eight trees at a time; beyond the last one, it is walked again and not added.
    @inline(__always)
    private func walkEight(from first: Int, _ row: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Double>) {
        let last = min(first + 8, trees.count) - 1
        func root(_ lane: Int) -> Int { Int(trees[min(first + lane, last)].root) }
        var a = root(0), b = root(1), c = root(2), d = root(3), e = root(4), f = root(5), g = root(6), h = root(7)
        // Only a leaf leads to itself, so that a step which moves nobody was the last one.
        var isMoving = trees[last].depth > 0
        while isMoving {
            var moved = 0
            step(&a, row, &moved)
            step(&b, row, &moved)
            step(&c, row, &moved)
            step(&d, row, &moved)
            step(&e, row, &moved)
            step(&f, row, &moved)
            step(&g, row, &moved)
            step(&h, row, &moved)
            isMoving = moved != 0
        }
        let places = (a, b, c, d, e, f, g, h)
        withUnsafeBytes(of: places) { bytes in
            for lane in 0...last - first {
                add(bytes.load(fromByteOffset: lane * 8, as: Int.self), of: trees[first + lane], to: sums)
            }
        }
    }

    @inline(__always)
    private func step(_ place: inout Int, _ row: UnsafePointer<Double>, _ moved: inout Int) {
        let following = next(place, row)
        moved |= following ^ place
        place = following
    }

    @inline(__always)
    private func next(_ place: Int, _ row: UnsafePointer<Double>) -> Int {
        let node = nodes[place], value = row[Int(node.feature)]
        let isMissing: Int32 = value.isNaN ? 1 : 0
        return Int(node.child &+ (value > node.threshold ? 1 : 0) &+ (isMissing & Int32(node.missingGoesRight)))
    }

    @inline(__always)
    private func add(_ leaf: Int, of tree: Tree, to sums: UnsafeMutablePointer<Double>) {
        let value = values + Int(places[leaf])
        guard tree.output < 0 else { return sums[Int(tree.output)] += value[0] }
        for target in 0..<width { sums[target] += value[target] }
    }
}

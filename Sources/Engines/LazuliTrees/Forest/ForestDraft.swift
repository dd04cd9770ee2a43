/// A forest being put together.
package struct ForestDraft {
    /// Sums per row.
    package let width: Int
    private(set) var nodes: [WalkedForest.Node] = []
    /// Per leaf, where its first number stands in `values`; 0 for inner nodes.
    private(set) var places: [UInt32] = []
    private(set) var values: [Double] = []
    /// Beside `nodes`, what the training rows that came to each weigh; of use only if `hasCovers`.
    private(set) var covers: [Float] = []
    /// Whether every leaf told its cover.
    private(set) var hasCovers = true
    private(set) var trees: [WalkedForest.Tree] = []
    /// The categories that go left, for the nodes that split by category.
    private(set) var categories: [Int: Set<Int>] = [:]

    /// A node as its format describes it.
    package enum Part {
        /// Left if the value is at most the threshold.
        case split(feature: Int, threshold: Double, missingGoesRight: Bool, left: Int, right: Int)
        /// Left if the value is one of the categories.
        case categories(feature: Int, Set<Int>, left: Int, right: Int)
        /// A number for the tree's own output; `cover` is what its training rows weigh, if known.
        case leaf(Double, cover: Float? = nil)
        /// A number for each output, in a tree without an output of its own.
        case leaves(ArraySlice<Double>)
    }

    package static let mostFeatures = Int(UInt16.max)
    /// The most steps from a root to a leaf.
    package static let deepest = 1024
    /// A file may let nodes share children, so that its trees are far larger than the file.
    private static let mostNodes = 1 << 24

    package init(width: Int) { self.width = width }

    /// Adds a tree whose nodes `part` tells by number, beginning with the root's.
    /// - Parameter output: the sum that the tree adds to; nil when its leaves hold a number for each.
    /// - Returns: false if the tree is deeper than we walk, as one with a circle would be.
    package mutating func addTree(root: Int, output: Int?, part: (Int) -> Part?) -> Bool {
        let place = nodes.count
        append(1)
        guard let depth = fill(place, root, part, level: 0) else { return false }
        trees.append(WalkedForest.Tree(root: Int32(place), depth: Int32(depth), output: Int32(output ?? -1)))
        return true
    }

    /// The same forest with some of its trees.
    func keeping(_ isKept: (Int) -> Bool) -> ForestDraft {
        var kept = self
        kept.trees = trees.indices.filter(isKept).map { trees[$0] }
        return kept
    }

    private mutating func append(_ count: Int) {
        for _ in 0..<count {
            nodes.append(
                WalkedForest.Node(threshold: .infinity, child: Int32(nodes.count), feature: 0, missingGoesRight: 0))
            places.append(0)
            covers.append(0)
        }
    }

    /// - Returns: how many steps lie below the node; nil if the tree cannot be taken.
    private mutating func fill(_ place: Int, _ number: Int, _ part: (Int) -> Part?, level: Int) -> Int? {
        guard level < Self.deepest, nodes.count < Self.mostNodes, let found = part(number) else { return nil }
        switch found {
        case .leaf(let number, let cover):
            places[place] = UInt32(values.count)
            if let cover { covers[place] = cover } else { hasCovers = false }
            values.append(number)
            return 0
        case .leaves(let numbers):
            places[place] = UInt32(values.count)
            values += numbers
            hasCovers = false
            return 0
        case .categories(let feature, let set, let left, let right):
            categories[place] = set
            return split(place, feature, .nan, true, (left, right), part, level)
        case .split(let feature, let threshold, let missingGoesRight, let left, let right):
            return split(place, feature, threshold, missingGoesRight, (left, right), part, level)
        }
    }

    private mutating func split(
        _ place: Int, _ feature: Int, _ threshold: Double, _ missingGoesRight: Bool, _ below: (left: Int, right: Int),
        _ part: (Int) -> Part?, _ level: Int
    ) -> Int? {
        let children = nodes.count
        append(2)
        nodes[place] = WalkedForest.Node(
            threshold: threshold, child: Int32(children), feature: UInt16(feature),
            missingGoesRight: missingGoesRight ? 1 : 0)
        guard let left = fill(children, below.left, part, level: level + 1),
            let right = fill(children + 1, below.right, part, level: level + 1)
        else { return nil }
        covers[place] = covers[children] + covers[children + 1]
        return 1 + max(left, right)
    }
}

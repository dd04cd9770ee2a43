extension TreeModel {
    /// What each feature adds to the trees' sums over a row: its SHAP values.
    ///
    /// A set of features is worth what the trees give on average when these features are the row's and all others are
    /// unknown: at a split by one that is unknown both ways are gone, each with its share of the training rows. This is
    /// the path-dependent form of S. Lundberg et al., "Consistent individualized feature attribution for tree ensembles",
    /// 2018. It needs the nodes' covers, which boosters and forests know anyway, and no rows beside; the interventional
    /// form would walk every tree once for each pair of a row and a row of a background.
    ///
    /// A Shapley value is also the integral, over the probability t with which every other feature is known, of what the
    /// feature then adds on average (G. Owen, "Multilinear extensions of games", 1972). On the way to a leaf the integrand
    /// is a polynomial of lower degree than there are features, which half as many points as features integrate exactly.
    /// All leaves' integrands go down a tree and up again together (P. Yu et al., "Linear TreeShap", 2022): nodes × depth
    /// steps, where extending and unwinding paths takes leaves × depth².
    package struct Attribution: Sendable {
        package let width: Int
        /// What the trees add up to, from `start`, while no feature is known.
        package let expected: [Double]
        let nodes: [Node]
        let leaves: [Double]
        let trees: [Tree]
        /// Beside `nodes`: the share of its parent's training rows that came to it.
        let shares: [Double]
        let featureCount: Int
        /// Steps from a root to the deepest leaf.
        let depth: Int
        let quadrature: Quadrature

        /// Deeper trees are not explained: a walk takes memory of its thread for each step.
        private static let deepest = 250

        /// - Returns: nil if the covers are unknown, or for very deep trees.
        package init?(_ model: TreeModel) {
            guard model.covers.count == model.nodes.count, let shape = TreeShape(model, deepest: Self.deepest) else {
                return nil
            }
            width = model.width
            nodes = model.nodes
            leaves = model.leaves
            trees = model.trees
            shares = Self.shares(model)
            featureCount = model.featureCount
            depth = shape.depth
            quadrature = Quadrature(points: max(1, (shape.distinctFeatures + 1) / 2))
            expected = Self.expected(model, shares)
        }

        private static func shares(_ model: TreeModel) -> [Double] {
            var shares = Array(repeating: 1.0, count: model.nodes.count)
            for node in model.nodes where !node.isLeaf {
                let left = Double(model.covers[Int(node.left)]), right = Double(model.covers[Int(node.right)])
                // Where no row came, either way is as likely.
                let share = left + right > 0 ? left / (left + right) : 0.5
                shares[Int(node.left)] = share
                shares[Int(node.right)] = 1 - share
            }
            return shares
        }

        private static func expected(_ model: TreeModel, _ shares: [Double]) -> [Double] {
            var sums = model.start
            for tree in model.trees {
                var open = [(place: Int(tree.root), share: 1.0)]
                while let (place, share) = open.popLast() {
                    let node = model.nodes[place]
                    guard node.isLeaf else {
                        for child in [Int(node.left), Int(node.right)] { open.append((child, share * shares[child])) }
                        continue
                    }
                    let outputs = tree.output.map { Int($0)..<Int($0) + 1 } ?? 0..<model.width
                    for (number, output) in outputs.enumerated() {
                        sums[output] += share * model.leaves[Int(node.left) + number]
                    }
                }
            }
            return sums
        }
    }
}

/// How far a model's paths go.
private struct TreeShape {
    private(set) var depth = 0
    /// The most different features that lie on one path.
    private(set) var distinctFeatures = 0
    /// Per feature.
    private var timesOnPath: [Int]

    /// - Returns: nil for trees that are deeper than told.
    init?(_ model: TreeModel, deepest: Int) {
        timesOnPath = Array(repeating: 0, count: model.featureCount)
        for tree in model.trees {
            guard visit(Int(tree.root), model, level: 0, distinct: 0, deepest) else { return nil }
        }
    }

    private mutating func visit(_ place: Int, _ model: TreeModel, level: Int, distinct: Int, _ deepest: Int) -> Bool {
        guard level <= deepest else { return false }
        let node = model.nodes[place]
        guard !node.isLeaf else {
            depth = max(depth, level)
            distinctFeatures = max(distinctFeatures, distinct)
            return true
        }
        let feature = Int(node.feature), below = distinct + (timesOnPath[feature] == 0 ? 1 : 0)
        timesOnPath[feature] += 1
        defer { timesOnPath[feature] -= 1 }
        return visit(Int(node.left), model, level: level + 1, distinct: below, deepest)
            && visit(Int(node.right), model, level: level + 1, distinct: below, deepest)
    }
}

/// The trees of an operation TreeEnsembleRegressor.
///
/// Source: ONNX operators, domain ai.onnx.ml, versions 1 to 3.
struct OnnxTrees {
    let draft: ForestDraft
    /// What each target's sum begins with.
    let start: [Double]
    /// 1 for sums, the number of trees for averages.
    let divisor: Double
    let featureCount: Int

    /// - Returns: nil for attributes we do not evaluate.
    init?(_ node: OnnxNode) {
        let columns = NodeColumns(node)
        let width = node.attributes["n_targets"]?.integer ?? 1
        let transform = node.attributes["post_transform"]?.text ?? "NONE"
        let aggregate = node.attributes["aggregate_function"]?.text ?? "SUM"
        guard let columns, width > 0, width <= 64, transform == "NONE", ["SUM", "AVERAGE"].contains(aggregate),
            let leaves = Self.leaves(node, width)
        else { return nil }
        var draft = ForestDraft(width: width)
        for root in columns.roots {
            let added = draft.addTree(root: root) { index in columns.part(index, leaves, width) }
            guard added else { return nil }
        }
        self.draft = draft
        let base = node.attributes["base_values"]?.floats ?? []
        guard base.isEmpty || base.count == width else { return nil }
        start = base.isEmpty ? Array(repeating: 0, count: width) : base.map(Double.init)
        divisor = aggregate == "AVERAGE" ? Double(columns.roots.count) : 1
        featureCount = columns.featureCount
    }

    /// A leaf's numbers, by its tree and node.
    fileprivate typealias Leaves = [NodeColumns.Key: [Double]]

    private static func leaves(_ node: OnnxNode, _ width: Int) -> Leaves? {
        guard let trees = node.attributes["target_treeids"]?.integers,
            let nodes = node.attributes["target_nodeids"]?.integers,
            let targets = node.attributes["target_ids"]?.integers,
            let weights = node.attributes["target_weights"]?.floats,
            Set([trees.count, nodes.count, targets.count, weights.count]).count == 1
        else { return nil }
        var leaves: Leaves = [:]
        leaves.reserveCapacity(weights.count)
        for index in weights.indices {
            guard (0..<width).contains(targets[index]) else { return nil }
            let key = NodeColumns.Key(tree: trees[index], node: nodes[index])
            leaves[key, default: Array(repeating: 0, count: width)][targets[index]] += Double(weights[index])
        }
        return leaves
    }
}

/// The attributes that list the nodes of all trees, one entry a node.
private struct NodeColumns {
    struct Key: Hashable {
        let tree: Int
        let node: Int
    }

    /// The first node of each tree.
    let roots: [Int]
    let featureCount: Int
    private let keys: [Key]
    private let places: [Key: Int]
    private let modes: [String]
    private let features: [Int]
    private let values: [Float]
    private let whenTrue: [Int]
    private let whenFalse: [Int]
    private let missingIsTrue: [Int]

    init?(_ node: OnnxNode) {
        let attributes = node.attributes
        modes = attributes["nodes_modes"]?.texts ?? []
        features = attributes["nodes_featureids"]?.integers ?? []
        values = attributes["nodes_values"]?.floats ?? []
        whenTrue = attributes["nodes_truenodeids"]?.integers ?? []
        whenFalse = attributes["nodes_falsenodeids"]?.integers ?? []
        let trees = attributes["nodes_treeids"]?.integers ?? [], nodes = attributes["nodes_nodeids"]?.integers ?? []
        missingIsTrue = attributes["nodes_missing_value_tracks_true"]?.integers ?? []
        let counts = [features.count, values.count, whenTrue.count, whenFalse.count, trees.count, nodes.count]
        guard !modes.isEmpty, Set(counts) == [modes.count], [0, modes.count].contains(missingIsTrue.count),
            features.allSatisfy({ (0..<ForestDraft.mostFeatures).contains($0) })
        else { return nil }
        let keys = zip(trees, nodes).map { Key(tree: $0, node: $1) }
        self.keys = keys
        places = Dictionary(zip(keys, keys.indices), uniquingKeysWith: { first, _ in first })
        roots = keys.indices.filter { $0 == 0 || keys[$0].tree != keys[$0 - 1].tree }
        featureCount = (features.max() ?? 0) + 1
    }

    func part(_ index: Int, _ leaves: OnnxTrees.Leaves, _ width: Int) -> ForestDraft.Part? {
        if modes[index] == "LEAF" { return .leaf(leaves[keys[index]] ?? Array(repeating: 0, count: width)) }
        let tree = keys[index].tree
        guard let yes = places[Key(tree: tree, node: whenTrue[index])],
            let no = places[Key(tree: tree, node: whenFalse[index])]
        else { return nil }
        let value = values[index], missingIsTrue = !missingIsTrue.isEmpty && missingIsTrue[index] != 0
        // "At most" is the form that is walked; the others are brought to it.
        switch modes[index] {
        case "BRANCH_LEQ": return split(index, value, !missingIsTrue, yes, no)
        case "BRANCH_LT": return split(index, value.nextDown, !missingIsTrue, yes, no)
        case "BRANCH_GT": return split(index, value, missingIsTrue, no, yes)
        case "BRANCH_GTE": return split(index, value.nextDown, missingIsTrue, no, yes)
        default: return nil
        }
    }

    private func split(_ index: Int, _ threshold: Float, _ missingGoesRight: Bool, _ left: Int, _ right: Int)
        -> ForestDraft.Part
    {
        .split(
            feature: features[index], threshold: Double(threshold), missingGoesRight: missingGoesRight, left: left,
            right: right)
    }
}

import LazuliTrees

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

    private static let mostTargets = 4096

    /// - Returns: nil for attributes we do not evaluate.
    init?(_ node: OnnxNode) {
        let width = node.attributes["n_targets"]?.integer ?? 1
        let transform = node.attributes["post_transform"]?.text ?? "NONE"
        let aggregate = node.attributes["aggregate_function"]?.text ?? "SUM"
        guard width > 0, width <= Self.mostTargets, transform == "NONE", ["SUM", "AVERAGE"].contains(aggregate),
            let columns = NodeColumns(node), let leaves = LeafColumns(node, columns, width)
        else { return nil }
        var draft = ForestDraft(width: width)
        for (tree, root) in columns.roots.enumerated() {
            let output = leaves.output(of: tree)
            let added = draft.addTree(root: root, output: output) { index in
                if !columns.isLeaf(index) { return columns.split(index) }
                return output == nil ? .leaves(leaves.all(of: index)[...]) : .leaf(leaves.sum(of: index))
            }
            guard added else { return nil }
        }
        self.draft = draft
        let base = node.attributes["base_values"]?.floats ?? []
        guard base.isEmpty || base.count == width else { return nil }
        start = base.isEmpty ? Array(repeating: 0, count: width) : base.map(Double.init)
        divisor = aggregate == "AVERAGE" ? Double(columns.roots.count) : 1
        featureCount = columns.featureCount
    }
}

/// The attributes that list what the leaves add, one entry a leaf and target.
private struct LeafColumns {
    /// The entries of a leaf, by its node's place.
    private let first: [Int32]
    /// The entries that follow one another in a leaf; −1 ends.
    private let next: [Int32]
    private let targets: [Int]
    private let weights: [Float]
    /// Per tree its only target, −1 for several, nil for none.
    private let outputs: [Int?]
    private let width: Int

    init?(_ node: OnnxNode, _ columns: NodeColumns, _ width: Int) {
        guard let trees = node.attributes["target_treeids"]?.integers,
            let nodes = node.attributes["target_nodeids"]?.integers,
            let targets = node.attributes["target_ids"]?.integers,
            let weights = node.attributes["target_weights"]?.floats,
            Set([trees.count, nodes.count, targets.count, weights.count]).count == 1
        else { return nil }
        var first = Array(repeating: Int32(-1), count: columns.count), next = first
        next = Array(repeating: -1, count: weights.count)
        var outputs: [Int?] = Array(repeating: nil, count: columns.roots.count)
        for entry in weights.indices.reversed() {
            guard (0..<width).contains(targets[entry]),
                let place = columns.place(of: nodes[entry], in: trees[entry])
            else { return nil }
            next[entry] = first[place]
            first[place] = Int32(entry)
            let tree = columns.treeNumber(of: place), known = outputs[tree]
            outputs[tree] = known == nil || known == targets[entry] ? targets[entry] : -1
        }
        (self.first, self.next, self.targets, self.weights) = (first, next, targets, weights)
        self.outputs = outputs
        self.width = width
    }

    /// The sum that a tree adds to; nil if there are several.
    func output(of tree: Int) -> Int? {
        let output = outputs[tree] ?? 0
        return output < 0 ? nil : output
    }

    private func visit(_ node: Int, _ take: (Int, Double) -> Void) {
        var entry = Int(first[node])
        while entry >= 0 {
            take(targets[entry], Double(weights[entry]))
            entry = Int(next[entry])
        }
    }

    func sum(of node: Int) -> Double {
        var sum = 0.0
        visit(node) { sum += $1 }
        return sum
    }

    func all(of node: Int) -> [Double] {
        var numbers = Array(repeating: 0.0, count: width)
        visit(node) { numbers[$0] += $1 }
        return numbers
    }
}

/// The attributes that list the nodes of all trees, one entry a node.
private struct NodeColumns {
    /// The first node of each tree.
    let roots: [Int]
    let featureCount: Int
    private let trees: [Int]
    private let treeNumbers: [Int32]
    private let places: NodePlaces
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
        places = NodePlaces(trees: trees, nodes: nodes)
        roots = trees.indices.filter { $0 == 0 || trees[$0] != trees[$0 - 1] }
        var number: Int32 = -1
        treeNumbers = trees.indices.map { index in
            if index == 0 || trees[index] != trees[index - 1] { number += 1 }
            return number
        }
        self.trees = trees
        featureCount = (features.max() ?? 0) + 1
    }

    var count: Int { modes.count }

    func place(of node: Int, in tree: Int) -> Int? { places.place(of: node, in: tree) }
    func treeNumber(of place: Int) -> Int { Int(treeNumbers[place]) }
    func isLeaf(_ index: Int) -> Bool { modes[index] == "LEAF" }

    func split(_ index: Int) -> ForestDraft.Part? {
        guard let yes = place(of: whenTrue[index], in: trees[index]),
            let no = place(of: whenFalse[index], in: trees[index])
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

/// Where the entry of each node stands.
private struct NodePlaces {
    private struct Key: Hashable {
        let tree: Int
        let node: Int
    }

    /// Per tree the place of its node 0, if every tree's nodes stand together and in order, as in nearly all files.
    private var first: [Int: Int] = [:]
    private let trees: [Int]
    /// The places of all nodes, in the other files.
    private var all: [Key: Int]?

    init(trees: [Int], nodes: [Int]) {
        self.trees = trees
        for index in trees.indices where first[trees[index]] == nil { first[trees[index]] = index }
        let isOrdered = trees.indices.allSatisfy { index in
            nodes[index] == (index > 0 && trees[index - 1] == trees[index] ? nodes[index - 1] + 1 : 0)
                && (nodes[index] > 0 || first[trees[index]] == index)
        }
        guard !isOrdered else { return }
        let keys = zip(trees, nodes).map { Key(tree: $0, node: $1) }
        all = Dictionary(zip(keys, keys.indices), uniquingKeysWith: { first, _ in first })
    }

    func place(of node: Int, in tree: Int) -> Int? {
        if let all { return all[Key(tree: tree, node: node)] }
        guard let start = first[tree], node >= 0, node < trees.count - start, trees[start + node] == tree else {
            return nil
        }
        return start + node
    }
}

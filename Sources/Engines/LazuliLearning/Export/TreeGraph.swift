import LazuliTrees

/// The trees of several models, as one operation TreeEnsembleRegressor whose targets are all their outputs.
///
/// Source: ONNX operators, domain ai.onnx.ml, version 3.
struct TreeGraph {
    private var treeNumbers: [Int] = []
    private var nodeNumbers: [Int] = []
    private var features: [Int] = []
    private var thresholds: [Float] = []
    private var modes: [String] = []
    private var whenTrue: [Int] = []
    private var whenFalse: [Int] = []
    private var missingIsTrue: [Int] = []
    private var targetTrees: [Int] = []
    private var targetNodes: [Int] = []
    private var targets: [Int] = []
    private var weights: [Float] = []
    /// What each target starts from.
    private var start: [Double] = []
    private var treeCount = 0

    /// How many numbers a row gets.
    var width: Int { start.count }

    /// Adds a model, whose outputs become the next targets.
    /// - Parameter places: where the model's features stand in the rows.
    mutating func add(_ model: TreeModel, places: [Int?]) {
        let first = width
        start += model.start
        for tree in model.trees { add(tree, of: model, places, first) }
    }

    /// Adds the second of two outputs alone.
    mutating func addSecond(of model: TreeModel, places: [Int?]) {
        // The first output would stand before the new target.
        let first = width
        start.append(model.start[1])
        for tree in model.trees { add(tree, of: model, places, first - 1, from: 1) }
    }

    /// - Parameters:
    ///   - first: the target of the model's first output.
    ///   - least: the first output that is written.
    private mutating func add(
        _ tree: TreeModel.Tree, of model: TreeModel, _ places: [Int?], _ first: Int, from least: Int = 0
    ) {
        func values(_ leaf: TreeModel.Node) -> [(Int, Double)] {
            model.values(of: leaf, in: tree).filter { $0.0 >= least }
        }
        let root = model.nodes[Int(tree.root)]
        if root.isLeaf {
            for (target, value) in values(root) { start[first + target] += value }
            return
        }
        // The nodes in the order in which their parents name them.
        var open = [Int(tree.root)], next = 0
        while next < open.count {
            let node = model.nodes[open[next]]
            if node.isLeaf {
                addLeaf(next, values(node), first)
            } else {
                addNode(next, feature: places[Int(node.feature)] ?? 0, node.threshold, "BRANCH_LEQ")
                whenTrue.append(open.count)
                whenFalse.append(open.count + 1)
                missingIsTrue.append(node.missingGoesLeft ? 1 : 0)
                open += [Int(node.left), Int(node.right)]
            }
            next += 1
        }
        treeCount += 1
    }

    private mutating func addNode(_ number: Int, feature: Int, _ threshold: Float, _ mode: String) {
        treeNumbers.append(treeCount)
        nodeNumbers.append(number)
        features.append(feature)
        thresholds.append(threshold)
        modes.append(mode)
    }

    private mutating func addLeaf(_ number: Int, _ values: [(Int, Double)], _ first: Int) {
        addNode(number, feature: 0, 0, "LEAF")
        whenTrue.append(0)
        whenFalse.append(0)
        missingIsTrue.append(0)
        let telling = values.filter { $0.1 != 0 }
        for (target, value) in telling.isEmpty ? Array(values.prefix(1)) : telling {
            targetTrees.append(treeCount)
            targetNodes.append(number)
            targets.append(first + target)
            weights.append(Float(value))
        }
    }

    /// - Returns: the name of rows × `width` numbers.
    mutating func write(to graph: inout OnnxBuilder, features input: String) -> String {
        if treeCount == 0 {
            // The operation wants a tree.
            addLeaf(0, [(0, 0)], 0)
        }
        return graph.node(
            "TreeEnsembleRegressor", in: .machineLearning, [input],
            attributes: [
                "aggregate_function": .text("SUM"), "base_values": .floats(start.map { Float($0) }),
                "n_targets": .integer(width), "nodes_falsenodeids": .integers(whenFalse),
                "nodes_featureids": .integers(features), "nodes_missing_value_tracks_true": .integers(missingIsTrue),
                "nodes_modes": .texts(modes), "nodes_nodeids": .integers(nodeNumbers),
                "nodes_treeids": .integers(treeNumbers), "nodes_truenodeids": .integers(whenTrue),
                "nodes_values": .floats(thresholds), "post_transform": .text("NONE"), "target_ids": .integers(targets),
                "target_nodeids": .integers(targetNodes), "target_treeids": .integers(targetTrees),
                "target_weights": .floats(weights),
            ])
    }
}

extension TreeModel {
    /// The outputs that a leaf adds to, with the numbers.
    fileprivate func values(of leaf: Node, in tree: Tree) -> [(Int, Double)] {
        let first = Int(leaf.left)
        if let output = tree.output { return [(Int(output), leaves[first])] }
        return (0..<width).map { ($0, leaves[first + $0]) }
    }

    /// Whether the two outputs of every row add up to 1, as those of a forest of two classes do.
    var isComplementary: Bool {
        guard width == 2, trees.allSatisfy({ $0.output == nil }) else { return false }
        var total = start[0] + start[1]
        for tree in trees {
            var open = [Int(tree.root)], sum: Double?
            while let place = open.popLast() {
                let node = nodes[place]
                guard node.isLeaf else {
                    open += [Int(node.left), Int(node.right)]
                    continue
                }
                let own = leaves[Int(node.left)] + leaves[Int(node.left) + 1]
                guard abs(own - (sum ?? own)) < 1e-9 else { return false }
                sum = sum ?? own
            }
            total += sum ?? 0
        }
        return abs(total - 1) < 1e-7
    }

    /// Whether each feature, of so many, is looked at.
    func looksAt(_ count: Int) -> [Bool] {
        var looks = Array(repeating: false, count: count)
        for node in nodes where !node.isLeaf { looks[Int(node.feature)] = true }
        return looks
    }
}

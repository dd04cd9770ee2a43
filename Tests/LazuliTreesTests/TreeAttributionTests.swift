import Testing

@testable import LazuliTrees

/// Trees with made-up splits, leaves and covers.
private struct MadeTrees {
    var model: TreeModel
    let features: Int
    var random = SystemRandomNumberGenerator()

    init(width: Int, features: Int) {
        model = TreeModel(width: width, start: (0..<width).map { 0.5 - Double($0) })
        self.features = features
    }

    mutating func addTree(output: Int32?, leaves: Int, mayBeEmpty: Bool = false) {
        let root = model.nodes.count
        addLeaf(output, mayBeEmpty)
        var open = [root]
        for _ in 1..<leaves {
            let place = open.remove(at: Int.random(in: 0..<open.count, using: &random))
            let left = model.nodes.count
            addLeaf(output, mayBeEmpty)
            addLeaf(output, mayBeEmpty)
            model.nodes[place] = TreeModel.Node(
                feature: .random(in: 0..<Int32(features), using: &random),
                threshold: .random(in: -1...1, using: &random), missingGoesLeft: .random(using: &random),
                left: Int32(left), right: Int32(left + 1))
            open += [left, left + 1]
        }
        for place in stride(from: model.nodes.count - 1, through: root, by: -1) where !model.nodes[place].isLeaf {
            let node = model.nodes[place]
            model.covers[place] = model.covers[Int(node.left)] + model.covers[Int(node.right)]
        }
        model.trees.append(TreeModel.Tree(root: Int32(root), output: output))
    }

    private mutating func addLeaf(_ output: Int32?, _ mayBeEmpty: Bool) {
        model.nodes.append(.leaf(model.leaves.count))
        model.covers.append(Float(Int.random(in: (mayBeEmpty ? 0 : 1)...9, using: &random)))
        for _ in 0..<(output == nil ? model.width : 1) { model.leaves.append(.random(in: -1...1, using: &random)) }
    }

    mutating func row() -> [Float] {
        (0..<features).map { _ in
            Int.random(in: 0..<6, using: &random) == 0 ? .nan : .random(in: -1.2...1.2, using: &random)
        }
    }
}

@Suite("SHAP values of trees")
struct TreeAttributionTests {
    private func values(_ model: TreeModel, _ row: [Float]) throws -> (expected: [Double], values: [Double]) {
        let attribution = try #require(TreeModel.Attribution(model))
        var values = Array(repeating: 0.0, count: row.count * model.width)
        let walk = attribution.makeWalk()
        row.withUnsafeBufferPointer { row in values.withUnsafeMutableBufferPointer { walk.add(row, to: $0) } }
        return (attribution.expected, values)
    }

    private func sums(_ model: TreeModel, _ row: [Float]) -> [Double] {
        row.withUnsafeBufferPointer { TreeModel.Evaluator(model).sums(rows: $0, columnCount: row.count) }
    }

    /// What the trees give on average when some features are known: the definition, walked literally.
    private func worth(_ model: TreeModel, _ row: [Float], known: Int) -> [Double] {
        var sums = model.start
        func visit(_ place: Int, _ weight: Double, _ tree: TreeModel.Tree) {
            let node = model.nodes[place]
            if node.isLeaf {
                let outputs = tree.output.map { [Int($0)] } ?? Array(0..<model.width)
                for (number, output) in outputs.enumerated() {
                    sums[output] += weight * model.leaves[Int(node.left) + number]
                }
                return
            }
            let value = row[Int(node.feature)]
            let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
            if known >> Int(node.feature) & 1 != 0 {
                return visit(Int(goesLeft ? node.left : node.right), weight, tree)
            }
            let left = Double(model.covers[Int(node.left)]), right = Double(model.covers[Int(node.right)])
            let share = left + right > 0 ? left / (left + right) : 0.5
            visit(Int(node.left), weight * share, tree)
            visit(Int(node.right), weight * (1 - share), tree)
        }
        for tree in model.trees { visit(Int(tree.root), 1, tree) }
        return sums
    }

    /// The definition of Shapley's values: over all sets of features.
    private func shapley(_ model: TreeModel, _ row: [Float]) -> [Double] {
        let count = row.count
        func factorial(_ number: Int) -> Double { (1...max(1, number)).reduce(1) { $0 * Double($1) } }
        let worths = (0..<1 << count).map { worth(model, row, known: $0) }
        var values = Array(repeating: 0.0, count: count * model.width)
        for feature in 0..<count {
            for known in worths.indices where known >> feature & 1 == 0 {
                let size = known.nonzeroBitCount
                let weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                for output in 0..<model.width {
                    let rise = worths[known | 1 << feature][output] - worths[known][output]
                    values[feature * model.width + output] += weight * rise
                }
            }
        }
        return values
    }

    private func farthest(_ values: [Double], _ others: [Double]) -> Double {
        values.count == others.count ? zip(values, others).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }

    /// A tree of two features that splits by `first`, and on its right by the other.
    private func twoSplits(_ first: Int32, _ leaves: [Double]) -> TreeModel {
        var model = TreeModel(width: 1)
        func split(_ feature: Int32, _ left: Int32) -> TreeModel.Node {
            .init(feature: feature, threshold: 0.5, missingGoesLeft: true, left: left, right: left + 1)
        }
        model.nodes = [split(first, 1), split(1 - first, 3), split(1 - first, 5)] + (0..<4).map(TreeModel.Node.leaf)
        model.leaves = leaves
        model.covers = [4, 2, 2, 1, 1, 1, 1]
        model.trees = [.init(root: 0, output: 0)]
        return model
    }

    @Test("Fever and cough are worth what the paper says they are")
    func paper() throws {
        // Lundberg et al. 2018, figure 1: models A and B, both symptoms there.
        let (expectedA, ofA) = try values(twoSplits(0, [0, 0, 0, 80]), [1, 1])
        #expect(farthest(expectedA, [20]) < 1e-12 && farthest(ofA, [30, 30]) < 1e-12)
        let (expectedB, ofB) = try values(twoSplits(1, [0, 0, 10, 90]), [1, 1])
        #expect(farthest(expectedB, [25]) < 1e-12 && farthest(ofB, [30, 35]) < 1e-12)
    }

    @Test("The values are Shapley's, of all sets of features", arguments: [1, 2, 3, 4, 6, 8])
    func bruteForce(features: Int) throws {
        for width in [1, 3] {
            var made = MadeTrees(width: width, features: features)
            for number in 0..<6 {
                made.addTree(
                    output: number % 3 == 2 ? nil : Int32(number % width), leaves: [1, 2, 5, 9, 24, 40][number],
                    mayBeEmpty: number > 3)
            }
            for _ in 0..<10 {
                let row = made.row()
                let (expected, found) = try values(made.model, row)
                #expect(farthest(found, shapley(made.model, row)) < 1e-10)
                #expect(farthest(expected, worth(made.model, row, known: 0)) < 1e-10)
            }
        }
    }

    @Test("What was expected and all values add up to the trees' sums, for large trees too")
    func addsUp() throws {
        var made = MadeTrees(width: 2, features: 40)
        for number in 0..<30 { made.addTree(output: number % 3 == 2 ? nil : Int32(number % 2), leaves: 500) }
        for _ in 0..<20 {
            let row = made.row()
            let (expected, found) = try values(made.model, row)
            let all = (0..<2).map { output in
                expected[output] + (0..<40).reduce(0) { $0 + found[$1 * 2 + output] }
            }
            #expect(farthest(all, sums(made.model, row)) < 1e-9)
        }
    }

    @Test("A path of a hundred different features is integrated as exactly as a short one")
    func longPath() throws {
        var model = TreeModel(width: 1)
        for feature in 0..<100 {
            let left = Int32(model.nodes.count + 1)
            model.nodes += [
                .init(feature: Int32(feature), threshold: 0, missingGoesLeft: false, left: left, right: left + 1),
                .leaf(feature),
            ]
            model.covers += [Float(200 - feature), 1]
            model.leaves.append(Double(feature % 7))
        }
        model.nodes.append(.leaf(100))
        model.covers.append(100)
        model.leaves.append(3)
        model.trees = [.init(root: 0, output: 0)]
        let row = (0..<100).map { $0 < 80 ? Float(1) : -1 }
        let (expected, found) = try values(model, row)
        #expect(abs(expected[0] + found.reduce(0, +) - sums(model, row)[0]) < 1e-9)
    }

    @Test("Without covers there are no values")
    func unknownCovers() {
        var made = MadeTrees(width: 1, features: 2)
        made.addTree(output: 0, leaves: 4)
        #expect(TreeModel.Attribution(made.model) != nil)
        made.model.covers = []
        #expect(TreeModel.Attribution(made.model) == nil)
    }

    @Test("Covers stay with their nodes when trees are copied or left out")
    func copiedCovers() throws {
        var made = MadeTrees(width: 1, features: 3)
        for _ in 0..<3 { made.addTree(output: 0, leaves: 8) }
        var (model, row) = (made.model, made.row())
        let single = try values(model, row).values
        for tree in made.model.trees { model.append(tree, of: made.model) }
        #expect(farthest(try values(model, row).values, single.map { 2 * $0 }) < 1e-12)
        model.keepFirst(3)
        #expect(farthest(try values(model, row).values, single) < 1e-12)
        row[0] = .nan
        #expect(model.covers.count == model.nodes.count)
    }

    @Test("The quadrature is exact up to its degree", arguments: [1, 2, 5, 16, 40])
    func quadrature(points: Int) {
        let quadrature = Quadrature(points: points)
        for degree in 0..<2 * points {
            let integral = zip(quadrature.points, quadrature.weights).reduce(0.0) { sum, pair in
                sum + pair.1 * (0..<degree).reduce(1.0) { power, _ in power * pair.0 }
            }
            #expect(abs(integral - 1 / Double(degree + 1)) < 1e-13)
        }
    }
}

@Suite("Covers in the libraries' models")
struct TreeCoverTests {
    @Test("LightGBM counts the rows of its leaves")
    func lightGBM() throws {
        let model = try #require(
            TreeModel(
                lightGBM: """
                    tree
                    num_tree_per_iteration=1
                    max_feature_idx=1
                    objective=regression

                    Tree=0
                    num_leaves=3
                    split_feature=1 0
                    threshold=0.5 1
                    decision_type=2 2
                    left_child=1 -1
                    right_child=-2 -3
                    leaf_value=1 2 3
                    leaf_count=10 20 30


                    end of trees
                    """))
        #expect(model.covers[Int(model.trees[0].root)] == 60)
        let attribution = try #require(TreeModel.Attribution(model))
        #expect(abs(attribution.expected[0] - (10 + 40 + 90) / 60.0) < 1e-12)
    }

    @Test("XGBoost sums up second derivatives")
    func xgboost() throws {
        let text = """
            {"learner": {"learner_model_param": {"num_feature": "2", "num_class": "0", "base_score": "0"},
             "objective": {"name": "reg:squarederror"}, "gradient_booster": {"name": "gbtree", "model": {
              "tree_info": [0], "trees": [{"left_children": [1, -1, -1], "right_children": [2, -1, -1],
              "split_indices": [1, 0, 0], "split_conditions": [0.5, 1, 2], "default_left": [1, 0, 0],
              "sum_hessian": [8, 6, 2]}]}}}}
            """
        let model = try #require(Array(text.utf8).withUnsafeBytes { TreeModel(xgboost: $0) })
        #expect(model.covers == [8, 6, 2])
        #expect(TreeModel.Attribution(model)?.expected == [1.25])
    }
}

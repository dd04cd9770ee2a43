import Testing

@testable import LazuliTrees

@Suite("Trees as values")
struct TreeModelTests {
    @Test("A model without trees starts from zero for each output")
    func startsFromZero() {
        #expect(TreeModel(width: 3).start == [0, 0, 0])
    }

    /// Walks node by node, as the model is described.
    private func walked(_ model: TreeModel, _ row: [Float]) -> [Double] {
        var sums = model.start
        for tree in model.trees {
            var node = model.nodes[Int(tree.root)]
            while !node.isLeaf {
                let value = row[Int(node.feature)]
                let goesLeft = value.isNaN ? node.missingGoesLeft : value <= node.threshold
                node = model.nodes[Int(goesLeft ? node.left : node.right)]
            }
            if let output = tree.output {
                sums[Int(output)] += model.leaves[Int(node.left)]
            } else {
                for output in 0..<model.width { sums[output] += model.leaves[Int(node.left) + output] }
            }
        }
        return sums
    }

    private func grow(
        _ model: inout TreeModel, _ output: Int32?, leaves: Int, _ random: inout some RandomNumberGenerator
    ) {
        func leaf() -> TreeModel.Node {
            let place = model.leaves.count
            for _ in 0..<(output == nil ? model.width : 1) { model.leaves.append(.random(in: -1...1, using: &random)) }
            return .leaf(place)
        }
        let root = model.nodes.count
        model.nodes.append(leaf())
        var open = [root]
        for _ in 1..<leaves {
            let place = open.remove(at: Int.random(in: 0..<open.count, using: &random))
            let left = model.nodes.count
            model.nodes.append(leaf())
            model.nodes.append(leaf())
            model.nodes[place] = TreeModel.Node(
                feature: .random(in: 0..<5, using: &random), threshold: .random(in: -1...1, using: &random),
                missingGoesLeft: .random(using: &random), left: Int32(left), right: Int32(left + 1))
            open += [left, left + 1]
        }
        model.trees.append(TreeModel.Tree(root: Int32(root), output: output))
    }

    @Test("The evaluator adds up what a walk finds, for small and large trees, own outputs and shared ones")
    func evaluator() {
        var random = SystemRandomNumberGenerator()
        var model = TreeModel(width: 3, start: [0.5, 0, -2])
        for number in 0..<40 {
            grow(
                &model, number % 4 == 3 ? nil : Int32(number % 4), leaves: [1, 2, 31, 64, 65, 300][number % 6], &random)
        }
        let rows = (0..<300).map { _ in
            (0..<5).map { _ in Int.random(in: 0..<8) == 0 ? Float.nan : Float.random(in: -1.2...1.2) }
        }
        let evaluator = TreeModel.Evaluator(model)
        let sums = rows.flatMap { $0 }.withUnsafeBufferPointer { evaluator.sums(rows: $0, columnCount: 5) }
        let columns = (0..<5).flatMap { column in rows.map { $0[column] } }
        let again = columns.withUnsafeBufferPointer { evaluator.sums(columns: $0, rowCount: rows.count) }
        #expect(sums == again)
        for (row, values) in rows.enumerated() {
            for (output, expected) in walked(model, values).enumerated() {
                #expect(abs(sums[row * 3 + output] - expected) < 1e-12)
            }
        }
    }

    @Test("A tree that is one path is followed to its end")
    func deepTree() {
        var model = TreeModel(width: 1)
        for depth in 0..<900 {
            model.nodes.append(
                TreeModel.Node(
                    feature: 0, threshold: Float(depth), missingGoesLeft: false, left: Int32(2 * depth + 1),
                    right: Int32(2 * depth + 2)))
            model.leaves.append(Double(depth))
            model.nodes.append(.leaf(depth))
        }
        model.leaves.append(900)
        model.nodes.append(.leaf(900))
        model.trees = [.init(root: 0, output: 0)]
        let sums = [Float](arrayLiteral: -1, 3.5, 899.5, .nan).withUnsafeBufferPointer {
            TreeModel.Evaluator(model).sums(columns: $0, rowCount: 4)
        }
        #expect(sums == [0, 4, 900, 900])
    }
}

@Suite("Reading the libraries' models")
struct TreeFormatTests {
    private func lightGBM(decision: Int, threshold: String, tail: String = "") -> TreeModel? {
        TreeModel(
            lightGBM: """
                tree
                version=v4
                num_class=1
                num_tree_per_iteration=1
                max_feature_idx=1
                objective=regression
                feature_names=a b

                Tree=0
                num_leaves=2
                split_feature=1
                threshold=\(threshold)
                decision_type=\(decision)
                left_child=-1
                right_child=-2
                leaf_value=1.5 -2.5e-1
                is_linear=0


                end of trees\(tail)
                """)
    }

    private func sums(_ model: TreeModel, _ values: [Float]) -> [Double] {
        values.flatMap { [0, $0] }.withUnsafeBufferPointer { TreeModel.Evaluator(model).sums(rows: $0, columnCount: 2) }
    }

    @Test("A LightGBM threshold becomes the largest single-precision number that is not above it")
    func thresholds() throws {
        let model = try #require(lightGBM(decision: 8, threshold: "0.1"))
        let threshold = model.nodes[0].threshold
        #expect(Double(threshold) <= 0.1 && Double(threshold.nextUp) > 0.1)
        #expect(sums(model, [threshold, threshold.nextUp]) == [1.5, -0.25])
    }

    @Test(
        "A missing value goes where the decision type says",
        arguments: [
            (2, "0.5", 1.5), (2, "-0.5", -0.25), (0, "0.5", 1.5), (8, "0.5", -0.25), (10, "0.5", 1.5),
            (8, "-0.5", -0.25), (10, "-0.5", 1.5), (6, "0.5", 1.5),
        ])
    func missing(_ decision: Int, _ threshold: String, _ expected: Double) throws {
        let model = try #require(lightGBM(decision: decision, threshold: threshold))
        #expect(sums(model, [.nan]) == [expected])
    }

    @Test("Splits that trees of thresholds cannot tell are refused")
    func refused() {
        #expect(lightGBM(decision: 4, threshold: "0.5") == nil)
        #expect(lightGBM(decision: 9, threshold: "0") == nil)
        #expect(TreeModel(lightGBM: "tree\nnonsense") == nil)
    }

    @Test("An XGBoost row below the condition goes left, and the base score is what the sums start from")
    func xgboost() throws {
        let text = """
            {"learner": {"learner_model_param": {"num_feature": "2", "num_class": "0", "base_score": "7.5E-1"},
             "objective": {"name": "binary:logistic"}, "gradient_booster": {"name": "gbtree", "model": {
              "tree_info": [0], "trees": [{"left_children": [1, -1, -1], "right_children": [2, -1, -1],
              "split_indices": [1, 0, 0], "split_conditions": [0.5, 1, 2], "default_left": [1, 0, 0]}]}}}}
            """
        let model = try #require(Array(text.utf8).withUnsafeBytes { TreeModel(xgboost: $0) })
        #expect(abs(model.start[0] - 1.0986122886681098) < 1e-12)
        let expected = [1.0, 2, 1].map { $0 + model.start[0] }
        #expect(sums(model, [Float(0.5).nextDown, 0.5, .nan]) == expected)
    }
}

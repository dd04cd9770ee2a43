import LazuliResources

/// An XGBoost model's file, JSON or UBJSON.
///
/// Source: xgboost.readthedocs.io, "Introduction to Model IO", and its JSON schema.
package struct XGBoostDocument {
    fileprivate let learner: JSON
    package let featureCount: Int
    /// The model's own names of its columns; empty if it has none.
    package let featureNames: [String]
    /// `gbtree`, `dart` or `gblinear`.
    package var booster: String { learner["gradient_booster"]["name"].string ?? "" }
    /// Beyond this, a model is left to the library, which reads faster.
    private static let largestFile = 64 << 20

    /// - Returns: nil if the bytes are no such model, or a very large one.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= Self.largestFile else { return nil }
        let isText = bytes.dropFirst().first { $0 > 0x20 } == UInt8(ascii: "\"")
        let document = isText ? try? JSON(parsing: bytes) : try? UBJSONReader.parse(bytes)
        guard let learner = document?["learner"],
            let count = learner["learner_model_param"]["num_feature"].string.flatMap({ Int($0) }),
            count > 0, count < ForestDraft.mostFeatures
        else { return nil }
        self.learner = learner
        featureCount = count
        featureNames = (learner["feature_names"].array ?? []).compactMap(\.string)
    }
}

/// The trees of an XGBoost model.
package struct XGBoostTrees {
    package let draft: ForestDraft
    package let objective: XGBoostObjective
    /// What each sum begins with.
    package let start: [Double]

    /// - Returns: nil for a model of a kind we do not evaluate: other boosters, categories, rare objectives.
    package init?(_ document: XGBoostDocument) {
        let learner = document.learner, booster = learner["gradient_booster"],
            parameters = learner["learner_model_param"]
        guard booster["name"].string == "gbtree", let name = learner["objective"]["name"].string,
            let objective = XGBoostObjective(name), let trees = booster["model"]["trees"].array,
            let targets = booster["model"]["tree_info"].array?.compactMap(\.integer), targets.count == trees.count,
            parameters["num_target"].string ?? "1" == "1"
        else { return nil }
        let classes = parameters["num_class"].string.flatMap { Int($0) } ?? 0, width = max(classes, 1)
        guard width <= 4096, (objective == .softmax) == (classes > 1), targets.allSatisfy((0..<width).contains) else {
            return nil
        }
        var draft = ForestDraft(width: width)
        for (tree, target) in zip(trees, targets) {
            guard let tree = XGBoostTree(tree, features: document.featureCount),
                draft.addTree(root: 0, output: target, part: tree.part)
            else { return nil }
        }
        let scores = Self.scores(parameters["base_score"].string ?? "0.5")
        guard scores.count == 1 || scores.count == width else { return nil }
        self.draft = draft
        self.objective = objective
        start = (0..<width).map { objective.margin(of: scores[scores.count == 1 ? 0 : $0]) }
    }

    /// One number, or since version 3 a list of them.
    private static func scores(_ text: String) -> [Double] {
        text.split { "[], ".contains($0) }.compactMap { Double($0) }.map { Double(Float($0)) }
    }
}

/// One tree, as its lists describe it.
private struct XGBoostTree {
    private let left: [Int]
    private let right: [Int]
    private let features: [Int]
    private let conditions: [Float]
    private let missingGoesLeft: [Bool]
    /// Sums of second derivatives; empty if the model does not say.
    private let covers: [Float]

    init?(_ tree: JSON, features featureCount: Int) {
        func numbers(_ name: String) -> [Int] { (tree[name].array ?? []).compactMap(\.integer) }
        left = numbers("left_children")
        right = numbers("right_children")
        features = numbers("split_indices")
        conditions = (tree["split_conditions"].array ?? []).compactMap { $0.number.map { Float($0) } }
        missingGoesLeft = (tree["default_left"].array ?? []).map { $0.bool ?? ($0.integer == 1) }
        covers = (tree["sum_hessian"].array ?? []).compactMap { $0.number.map { Float($0) } }
        let counts = [right.count, features.count, conditions.count, missingGoesLeft.count]
        guard !left.isEmpty, Set(counts) == [left.count], numbers("categories_nodes").isEmpty,
            features.allSatisfy((0..<featureCount).contains)
        else { return nil }
    }

    func part(_ number: Int) -> ForestDraft.Part? {
        guard left.indices.contains(number) else { return nil }
        guard left[number] >= 0 else {
            return .leaf(Double(conditions[number]), cover: covers.count == left.count ? covers[number] : nil)
        }
        // Left is what is below the condition: at most the number before it.
        return .split(
            feature: features[number], threshold: Double(conditions[number].nextDown),
            missingGoesRight: !missingGoesLeft[number], left: left[number], right: right[number])
    }
}

/// The trees of a LightGBM text model.
///
/// Source: LightGBM's `Tree::ToString` and `Tree::NumericalDecision`, version 4.
package struct LightGBMTrees {
    package let draft: ForestDraft
    package let featureCount: Int
    package let objective: LightGBMObjective
    /// Beyond this, a model is left to the library, which reads faster.
    package static let largestFile = 64 << 20

    /// - Returns: nil for what is no such model, and for models of a kind we do not evaluate: linear leaves, zero as a
    ///   missing value, rare objectives.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        // Behind the last line stands a zero, where reading a number ends at the latest.
        let text = Array(bytes) + [0]
        guard let model = text.withUnsafeBytes({ Self(terminated: UnsafeRawBufferPointer(rebasing: $0.dropLast())) })
        else { return nil }
        self = model
    }

    private init?(terminated bytes: UnsafeRawBufferPointer) {
        let sections = LightGBMSections(bytes), trees = sections.trees
        guard let last = sections.head["max_feature_idx"]?.integer, last < ForestDraft.mostFeatures, last >= 0,
            let width = sections.head["num_tree_per_iteration"]?.integer, width > 0, width <= 4096, !trees.isEmpty,
            let objective = LightGBMObjective(sections.head["objective"]?.text)
        else { return nil }
        featureCount = last + 1
        self.objective = objective
        let factor = sections.head["average_output"] == nil ? 1 : Double(width) / Double(trees.count)
        var draft = ForestDraft(width: width)
        for (number, fields) in trees.enumerated() {
            guard let tree = LightGBMTree(fields, features: featureCount, factor: factor),
                draft.addTree(root: tree.root, output: number % width, part: tree.part)
            else { return nil }
        }
        self.draft = draft
    }
}

/// The lines `key=value` of a text model: those before the first tree, and those of each tree.
private struct LightGBMSections {
    struct Value {
        let bytes: UnsafeRawBufferPointer

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var integer: Int? { Int(text) }
    }
    typealias Fields = [String: Value]

    private(set) var head: Fields = [:]
    private(set) var trees: [Fields] = []

    init(_ bytes: UnsafeRawBufferPointer) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let mark = line.firstIndex(of: UInt8(ascii: "=")) ?? line.endIndex
            let key = String(decoding: line[..<mark], as: UTF8.self)
            if key == "end of trees" { break }
            var content = line[mark...].dropFirst()
            if content.last == UInt8(ascii: "\r") { content = content.dropLast() }
            if key == "Tree" {
                trees.append([:])
            } else if trees.isEmpty {
                head[key] = Value(bytes: UnsafeRawBufferPointer(rebasing: content))
            } else {
                trees[trees.count - 1][key] = Value(bytes: UnsafeRawBufferPointer(rebasing: content))
            }
        }
    }
}

/// One tree, as its lines list it. Inner nodes count from 0, leaves from −1 downwards.
private struct LightGBMTree {
    private let features: [Int]
    private let thresholds: [Double]
    private let decisions: [Int]
    private let left: [Int]
    private let right: [Int]
    private let leaves: [Double]
    /// Training rows per leaf; empty if the model does not say.
    private let covers: [Int]
    private let categoryBounds: [Int]
    private let categoryBits: [UInt32]

    /// - Parameter factor: what the leaves are multiplied by.
    init?(_ fields: LightGBMSections.Fields, features featureCount: Int, factor: Double) {
        func integers(_ name: String) -> [Int] { fields[name].map { NumberList.integers($0.bytes) } ?? [] }
        func reals(_ name: String) -> [Double] { fields[name].map { NumberList.reals($0.bytes) } ?? [] }
        features = integers("split_feature")
        thresholds = reals("threshold")
        decisions = integers("decision_type")
        left = integers("left_child")
        right = integers("right_child")
        leaves = reals("leaf_value").map { $0 * factor }
        covers = integers("leaf_count")
        categoryBounds = integers("cat_boundaries")
        categoryBits = integers("cat_threshold").map { UInt32(truncatingIfNeeded: $0) }
        let inner = leaves.count - 1
        guard inner >= 0, fields["is_linear"].map({ $0.integer == 0 }) ?? true,
            inner == 0
                || [features.count, thresholds.count, decisions.count, left.count, right.count]
                    == Array(repeating: inner, count: 5),
            features.allSatisfy((0..<featureCount).contains)
        else { return nil }
    }

    var root: Int { leaves.count == 1 ? -1 : 0 }

    func part(_ number: Int) -> ForestDraft.Part? {
        guard number >= 0 else {
            guard leaves.indices.contains(~number) else { return nil }
            return .leaf(leaves[~number], cover: covers.count == leaves.count ? Float(covers[~number]) : nil)
        }
        guard features.indices.contains(number) else { return nil }
        let decision = decisions[number], below = (left[number], right[number])
        if decision & 1 != 0 {
            guard let categories = categories(Int(thresholds[number])) else { return nil }
            return .categories(feature: features[number], categories, left: below.0, right: below.1)
        }
        guard let missingGoesRight = missingGoesRight(decision, thresholds[number]) else { return nil }
        return .split(
            feature: features[number], threshold: thresholds[number], missingGoesRight: missingGoesRight, left: below.0,
            right: below.1)
    }

    private enum Missing: Int {
        /// A missing value counts as zero.
        case none = 0
        /// Zero counts as missing.
        case zero = 1
        case nan = 2
    }

    /// What lies no further from zero is zero (`kZeroThreshold`).
    private static let nearZero = Double(Float(1e-35))

    private func missingGoesRight(_ decision: Int, _ threshold: Double) -> Bool? {
        let defaultIsLeft = decision & 2 != 0
        switch Missing(rawValue: decision >> 2 & 3) {
        case .some(.none): return 0 > threshold
        case .nan: return !defaultIsLeft
        case .zero:
            // Only where zeros go by the threshold whither the missing ones go by default is it a plain split.
            let isPlain = defaultIsLeft ? threshold >= Self.nearZero : threshold < -Self.nearZero
            return isPlain ? !defaultIsLeft : nil
        case nil: return nil
        }
    }

    private func categories(_ index: Int) -> Set<Int>? {
        guard categoryBounds.indices.contains(index + 1), categoryBounds[index] >= 0,
            categoryBounds[index] <= categoryBounds[index + 1], categoryBounds[index + 1] <= categoryBits.count
        else { return nil }
        var categories: Set<Int> = []
        for (word, bits) in categoryBits[categoryBounds[index]..<categoryBounds[index + 1]].enumerated() {
            for bit in 0..<32 where bits >> bit & 1 != 0 { categories.insert(word * 32 + bit) }
        }
        return categories.max() ?? 0 < Self.mostCategories ? categories : nil
    }

    private static let mostCategories = 4096
}

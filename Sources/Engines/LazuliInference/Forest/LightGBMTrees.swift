/// The trees of a LightGBM text model.
///
/// Source: LightGBM's `Tree::ToString` and `Tree::NumericalDecision`, version 4.
struct LightGBMTrees {
    let draft: ForestDraft
    let featureCount: Int
    let objective: LightGBMObjective
    /// Beyond this, a model is left to the library, which reads faster.
    static let largestFile = 64 << 20

    private typealias Fields = [Substring: Substring]

    init?(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: bytes, as: UTF8.self)
        var header: Fields = [:]
        var trees: [Fields] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard let key = parts.first.map(Substring.init) else { continue }
            if key == "end of trees" { break }
            if key == "average_output" { return nil }
            let value = parts.count > 1 ? Substring(parts[1]) : ""
            if key == "Tree" {
                trees.append([:])
            } else if trees.isEmpty {
                header[key] = value
            } else {
                trees[trees.count - 1][key] = value
            }
        }
        guard let last = header["max_feature_idx"].flatMap({ Int($0) }), last < ForestDraft.mostFeatures,
            let width = header["num_tree_per_iteration"].flatMap({ Int($0) }), width > 0, width <= 64, !trees.isEmpty,
            let objective = LightGBMObjective(header["objective"].map(String.init))
        else { return nil }
        featureCount = last + 1
        self.objective = objective
        var draft = ForestDraft(width: width)
        for (number, fields) in trees.enumerated() {
            guard let tree = LightGBMTree(fields, features: featureCount, target: number % width, width: width),
                draft.addTree(root: tree.root, part: tree.part)
            else { return nil }
        }
        self.draft = draft
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
    private let categoryBounds: [Int]
    private let categoryBits: [UInt32]
    private let target: Int
    private let width: Int

    init?(_ fields: [Substring: Substring], features featureCount: Int, target: Int, width: Int) {
        func numbers<Number: LosslessStringConvertible>(_ name: Substring, _ type: Number.Type) -> [Number] {
            (fields[name] ?? "").split(separator: " ").compactMap { Number(String($0)) }
        }
        features = numbers("split_feature", Int.self)
        thresholds = numbers("threshold", Double.self)
        decisions = numbers("decision_type", Int.self)
        left = numbers("left_child", Int.self)
        right = numbers("right_child", Int.self)
        leaves = numbers("leaf_value", Double.self)
        categoryBounds = numbers("cat_boundaries", Int.self)
        categoryBits = numbers("cat_threshold", UInt32.self)
        self.target = target
        self.width = width
        let inner = leaves.count - 1
        guard inner >= 0, fields["is_linear"].map({ $0 == "0" }) ?? true,
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
            var values = Array(repeating: 0.0, count: width)
            values[target] = leaves[~number]
            return .leaf(values)
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

    private func missingGoesRight(_ decision: Int, _ threshold: Double) -> Bool? {
        switch Missing(rawValue: decision >> 2 & 3) {
        case .some(.none): 0 > threshold
        case .nan: decision & 2 == 0
        case .zero, nil: nil
        }
    }

    private func categories(_ index: Int) -> Set<Int>? {
        guard categoryBounds.indices.contains(index + 1), categoryBounds[index + 1] <= categoryBits.count else {
            return nil
        }
        var categories: Set<Int> = []
        for (word, bits) in categoryBits[categoryBounds[index]..<categoryBounds[index + 1]].enumerated() {
            for bit in 0..<32 where bits >> bit & 1 != 0 { categories.insert(word * 32 + bit) }
        }
        return categories.max() ?? 0 < Self.mostCategories ? categories : nil
    }

    private static let mostCategories = 4096
}

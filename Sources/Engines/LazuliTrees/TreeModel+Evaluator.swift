extension TreeModel {
    /// How many numbers a row must at least have.
    package var featureCount: Int { Int(nodes.lazy.map(\.feature).max() ?? -1) + 1 }

    /// The model laid out for speed. To be made once and asked for many rows; several threads may ask at once.
    ///
    /// Sums are kept in double precision.
    package struct Evaluator: Sendable {
        package let width: Int
        private let forest: Forest
        private let start: [Double]
        /// The features that the trees look at, in the order in which the forest knows them.
        private let features: [Int]
        /// Rows that are laid out at once.
        private static let blockLength = 256

        /// - Precondition: no path is longer than `ForestDraft.deepest`, and no more than 65,534 features are looked at.
        package init(_ model: TreeModel) {
            let used = Set(model.nodes.lazy.filter { !$0.isLeaf }.map(\.feature)).sorted()
            let places = Dictionary(uniqueKeysWithValues: zip(used, used.indices))
            guard let draft = model.draft(places), let forest = Forest(draft, features: used.count) else {
                preconditionFailure("The trees are deeper than \(ForestDraft.deepest) or look at too many features.")
            }
            width = model.width
            start = model.start
            features = used.map(Int.init)
            self.forest = forest
        }

        /// What the trees add up to, from `start`, row after row: `width` numbers each.
        ///
        /// - Parameter values: column after column, `rowCount` numbers each; a missing value is NaN.
        package func sums(columns values: UnsafeBufferPointer<Float>, rowCount: Int) -> [Double] {
            sums(values, rowCount: rowCount, rowStride: 1, columnStride: rowCount)
        }

        /// The same of rows that lie one after the other.
        package func sums(rows values: UnsafeBufferPointer<Float>, columnCount: Int) -> [Double] {
            let rowCount = columnCount == 0 ? 0 : values.count / columnCount
            return sums(values, rowCount: rowCount, rowStride: columnCount, columnStride: 1)
        }

        private func sums(
            _ values: UnsafeBufferPointer<Float>, rowCount: Int, rowStride: Int, columnStride: Int
        ) -> [Double] {
            var sums = (0..<rowCount).flatMap { _ in start }
            let block = UnsafeMutablePointer<Double>.allocate(capacity: max(1, Self.blockLength * features.count))
            defer { block.deallocate() }
            let scratch = forest.makeScratch()
            sums.withUnsafeMutableBufferPointer { sums in
                guard let sums = sums.baseAddress else { return }
                for first in stride(from: 0, to: rowCount, by: Self.blockLength) {
                    let count = min(Self.blockLength, rowCount - first)
                    for (place, feature) in features.enumerated() {
                        let column = feature * columnStride
                        for row in 0..<count {
                            block[row * features.count + place] = Double(values[column + (first + row) * rowStride])
                        }
                    }
                    forest.add(rows: block, count: count, to: sums + first * width, in: scratch)
                }
            }
            return sums
        }
    }

    /// - Parameter places: the number that each feature gets.
    private func draft(_ places: [Int32: Int]) -> ForestDraft? {
        guard places.count < ForestDraft.mostFeatures else { return nil }
        var draft = ForestDraft(width: width)
        for tree in trees {
            let added = draft.addTree(root: Int(tree.root), output: tree.output.map(Int.init)) { number in
                let node = nodes[number]
                guard node.isLeaf else {
                    return .split(
                        feature: places[node.feature] ?? 0, threshold: Double(node.threshold),
                        missingGoesRight: !node.missingGoesLeft, left: Int(node.left), right: Int(node.right))
                }
                let first = Int(node.left)
                return tree.output == nil ? .leaves(leaves[first..<first + width]) : .leaf(leaves[first])
            }
            guard added else { return nil }
        }
        return draft
    }
}

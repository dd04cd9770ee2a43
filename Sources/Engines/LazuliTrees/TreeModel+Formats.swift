extension TreeModel {
    /// Where the libraries' trees go with thresholds of higher precision, ours go with the largest single-precision number
    /// that is not above: a single-precision feature falls on the same side of both.
    ///
    /// - Returns: nil if the trees split by category, or if a feature's number is too large.
    package init?(_ draft: ForestDraft, start: [Double]? = nil) {
        guard draft.categories.isEmpty else { return nil }
        self.init(width: draft.width, start: start)
        nodes = draft.nodes.enumerated().map { place, node in
            if Int(node.child) == place { return .leaf(Int(draft.places[place])) }
            return Node(
                feature: Int32(node.feature), threshold: node.threshold.roundedDownToFloat,
                missingGoesLeft: node.missingGoesRight == 0, left: node.child, right: node.child + 1)
        }
        leaves = draft.values
        covers = draft.hasCovers ? draft.covers : []
        trees = draft.trees.map { Tree(root: $0.root, output: $0.output < 0 ? nil : $0.output) }
    }

    /// The trees of a LightGBM text model; what they add up to is before the objective's transformation.
    /// - Returns: nil if it cannot be read, or if it splits by category or has linear leaves.
    package init?(lightGBM bytes: UnsafeRawBufferPointer) {
        guard let model = LightGBMTrees(bytes) else { return nil }
        self.init(model.draft)
    }

    package init?(lightGBM text: String) {
        var text = text
        guard let model = text.withUTF8({ TreeModel(lightGBM: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = model
    }

    /// The trees of an XGBoost model, JSON or UBJSON; what they add up to, the base score included, is before the
    /// objective's transformation.
    /// - Returns: nil if it cannot be read, or if it is of another booster or splits by category.
    package init?(xgboost bytes: UnsafeRawBufferPointer) {
        guard let document = XGBoostDocument(bytes), let model = XGBoostTrees(document) else { return nil }
        self.init(model.draft, start: model.start)
    }
}

extension Double {
    /// The largest single-precision number that is not above this one.
    var roundedDownToFloat: Float {
        let nearest = Float(self)
        return Double(nearest) > self ? nearest.nextDown : nearest
    }
}

import LazuliTrees

/// What the impurity of a node's classes is measured by; values are always parted by variance.
package enum SplitCriterion: String, Sendable {
    case gini, entropy
}

/// What a tree or a forest of them is grown by.
package struct ForestParameters: Sendable, Equatable {
    package var trees: Int
    package var criterion: SplitCriterion = .gini
    package var maxDepth: Int?
    package var minSamplesLeaf: Int
    /// The share of the columns that is looked at in a node; nil takes the square root of their number for classes,
    /// a third of them for values.
    package var maxFeatures: Double?
    /// Whether each tree learns from rows drawn with replacement.
    package var drawsRows: Bool
    /// Whether bounds are drawn rather than sought.
    package var drawsBounds: Bool
    package var seed: UInt64

    fileprivate func columnsPerNode(_ columns: Int, _ task: LearningTask) -> Int {
        let share = maxFeatures.map { $0 * Double(columns) }
        let usual = task == .regression ? Double(columns) / 3 : Double(columns).squareRoot()
        return max(1, min(columns, Int(share ?? usual)))
    }

    /// Grows the trees, as many as time allows, at least one.
    fileprivate func fit(_ training: TrainingSet, _ task: LearningTask, _ isOver: () -> Bool) -> ModelForm {
        let weights = training.rowWeights
        let centre = task == .regression ? mean(training.targets, weights) : 0
        let rules = TreeRules(
            split: SplitRules(
                minSamplesLeaf: max(1, minSamplesLeaf), usesEntropy: task != .regression && criterion == .entropy,
                drawsBounds: drawsBounds),
            maxDepth: maxDepth, columnsPerNode: columnsPerNode(training.features.columnCount, task))
        var grower = TreeGrower(BinnedFeatures(training.features), task: task, rules: rules, centre: centre)
        for tree in 0..<max(1, trees) where tree == 0 || !isOver() {
            var random = RandomNumbers(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(tree))
            var items = items(training.targets, weights, centre, &random)
            grower.grow(&items, &random, isOver: isOver)
        }
        grower.average()
        return .trees(grower.model, .identity)
    }

    private func mean(_ targets: [Double], _ weights: [Double]) -> Double {
        let total = weights.reduce(0, +)
        return total > 0 ? zip(targets, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
    }

    private func items(
        _ targets: [Double], _ weights: [Double], _ centre: Double, _ random: inout RandomNumbers
    ) -> [TreeItem] {
        var counts = Array(repeating: Float(1), count: targets.count)
        if drawsRows {
            for row in counts.indices { counts[row] = 0 }
            for _ in counts { counts[random.below(counts.count)] += 1 }
        }
        var items: [TreeItem] = []
        items.reserveCapacity(targets.count)
        for row in targets.indices {
            let weight = counts[row] * Float(weights[row])
            if weight > 0 { items.append(TreeItem(row: UInt32(row), weight: weight, target: targets[row] - centre)) }
        }
        // Rows of no weight are better than none.
        if items.isEmpty {
            items = targets.indices.map { TreeItem(row: UInt32($0), weight: 1, target: targets[$0] - centre) }
        }
        return items
    }
}

/// One tree, as deep as its parameters let it grow.
package struct DecisionTree: Trainer {
    package var parameters: ForestParameters

    package init(
        criterion: SplitCriterion = .gini, maxDepth: Int? = nil, minSamplesLeaf: Int = 1, maxFeatures: Double? = 1,
        seed: UInt64 = 0
    ) {
        parameters = ForestParameters(
            trees: 1, criterion: criterion, maxDepth: maxDepth, minSamplesLeaf: minSamplesLeaf,
            maxFeatures: maxFeatures, drawsRows: false, drawsBounds: false, seed: seed)
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        try training.check(task)
        return parameters.fit(training, task, isOver)
    }
}

/// The mean of many trees, each grown from rows drawn with replacement.
///
/// Source: Breiman, "Random forests".
package struct RandomForest: Trainer {
    package var parameters: ForestParameters

    package init(
        trees: Int = 100, criterion: SplitCriterion = .gini, maxDepth: Int? = nil, minSamplesLeaf: Int = 1,
        maxFeatures: Double? = nil, drawsRows: Bool = true, seed: UInt64 = 0
    ) {
        parameters = ForestParameters(
            trees: trees, criterion: criterion, maxDepth: maxDepth, minSamplesLeaf: minSamplesLeaf,
            maxFeatures: maxFeatures, drawsRows: drawsRows, drawsBounds: false, seed: seed)
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        try training.check(task)
        return parameters.fit(training, task, isOver)
    }
}

/// The mean of many trees whose bounds are drawn between the bins of the least and the greatest value in a node.
///
/// Source: Geurts, Ernst and Wehenkel, "Extremely randomized trees"; there bounds are drawn between the values
/// themselves.
package struct ExtremeRandomTrees: Trainer {
    package var parameters: ForestParameters

    package init(
        trees: Int = 100, criterion: SplitCriterion = .gini, maxDepth: Int? = nil, minSamplesLeaf: Int = 1,
        maxFeatures: Double? = nil, drawsRows: Bool = false, seed: UInt64 = 0
    ) {
        parameters = ForestParameters(
            trees: trees, criterion: criterion, maxDepth: maxDepth, minSamplesLeaf: minSamplesLeaf,
            maxFeatures: maxFeatures, drawsRows: drawsRows, drawsBounds: true, seed: seed)
    }

    package func fit(
        _ training: TrainingSet, validation: TrainingSet?, task: LearningTask, isOver: () -> Bool
    ) throws(LearningFault) -> ModelForm {
        try training.check(task)
        return parameters.fit(training, task, isOver)
    }
}

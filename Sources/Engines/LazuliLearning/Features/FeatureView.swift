package import LazuliResources

/// Which features a model is given. Two models with the same view share their features.
package struct FeatureView: Sendable, Hashable {
    /// How features are scaled. Scaled features miss no value.
    package enum Scaling: String, Sendable {
        /// As trees take them, missing values among them.
        case none
        /// To mean 0 and variance 1.
        case standard
        /// Numbers to mean 0 and variance 1, skewed ones by their logarithms; marks of 0 and 1 stay as they are.
        case numbers
        /// Numbers by the one deviation that they have in common, as those of one unit; marks stay as they are.
        case common
        /// To the range from 0 to 1.
        case range
    }

    package var scaling: Scaling
    /// Columns of at most so many categories get a feature per category; dense views give their most frequent
    /// categories one also where there are more.
    package var oneHot: Int
    /// Whether columns of more categories get the rank of the category by frequency.
    package var hasRank: Bool
    /// Whether columns of more categories get the mean of the target in the category.
    package var hasTargetMean: Bool
    /// Words of a text column.
    package var words: Int

    package static let trees = FeatureView(
        scaling: .none, oneHot: 10, hasRank: true, hasTargetMean: true, words: 100)
    /// As for trees, with means of the target in place of a feature per category.
    package static let means = FeatureView(
        scaling: .none, oneHot: 2, hasRank: true, hasTargetMean: true, words: 100)
    package static let dense = FeatureView(
        scaling: .standard, oneHot: 60, hasRank: false, hasTargetMean: true, words: 300)

    package static let layered = FeatureView(
        scaling: .numbers, oneHot: 40, hasRank: false, hasTargetMean: true, words: 300)

    package static let common = FeatureView(
        scaling: .common, oneHot: 40, hasRank: false, hasTargetMean: true, words: 300)

    package static let ranged = FeatureView(
        scaling: .range, oneHot: 60, hasRank: false, hasTargetMean: true, words: 300)

    /// Rows that a category must have for a feature of its own.
    package var leastCount: Int { [.numbers, .common].contains(scaling) ? 5 : 1 }

    package var isDense: Bool { scaling != .none }

    package var json: JSON {
        [
            "scaling": .string(scaling.rawValue), "oneHot": JSON(oneHot), "hasRank": .bool(hasRank),
            "hasTargetMean": .bool(hasTargetMean), "words": JSON(words),
        ]
    }

    package init(
        scaling: Scaling, oneHot: Int, hasRank: Bool, hasTargetMean: Bool, words: Int
    ) {
        self.scaling = scaling
        self.oneHot = oneHot
        self.hasRank = hasRank
        self.hasTargetMean = hasTargetMean
        self.words = words
    }

    package init(_ json: JSON) {
        self.init(
            scaling: json["scaling"].string.flatMap(Scaling.init) ?? .none, oneHot: json["oneHot"].integer ?? 0,
            hasRank: json["hasRank"].bool ?? false, hasTargetMean: json["hasTargetMean"].bool ?? false,
            words: json["words"].integer ?? 0)
    }
}

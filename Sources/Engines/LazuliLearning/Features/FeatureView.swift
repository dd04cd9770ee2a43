package import LazuliResources

/// Which features a model is given. Two models with the same view share their features.
package struct FeatureView: Sendable, Hashable {
    /// Filled, scaled and without missing values, as linear models need it; else as trees take it.
    package var isDense: Bool
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
        isDense: false, oneHot: 10, hasRank: true, hasTargetMean: true, words: 100)
    package static let dense = FeatureView(
        isDense: true, oneHot: 60, hasRank: false, hasTargetMean: true, words: 300)

    package var json: JSON {
        [
            "isDense": .bool(isDense), "oneHot": JSON(oneHot), "hasRank": .bool(hasRank),
            "hasTargetMean": .bool(hasTargetMean), "words": JSON(words),
        ]
    }

    package init(
        isDense: Bool, oneHot: Int, hasRank: Bool, hasTargetMean: Bool, words: Int
    ) {
        self.isDense = isDense
        self.oneHot = oneHot
        self.hasRank = hasRank
        self.hasTargetMean = hasTargetMean
        self.words = words
    }

    package init(_ json: JSON) {
        self.init(
            isDense: json["isDense"].bool ?? false, oneHot: json["oneHot"].integer ?? 0,
            hasRank: json["hasRank"].bool ?? false, hasTargetMean: json["hasTargetMean"].bool ?? false,
            words: json["words"].integer ?? 0)
    }
}

package import LazuliResources

/// Which features a model is given. Two models with the same view share their features.
package struct FeatureView: Sendable, Hashable {
    /// Filled, scaled and without missing values, as linear models need it; else as trees take it.
    package var isDense: Bool
    /// Categories of a column that become a feature each; the rest of a column's categories share none.
    package var oneHot: Int
    package var hasRank: Bool
    package var hasFrequency: Bool
    package var hasTargetMean: Bool
    /// Words of a text column.
    package var words: Int

    package static let trees = FeatureView(
        isDense: false, oneHot: 6, hasRank: true, hasFrequency: true, hasTargetMean: true, words: 100)
    package static let dense = FeatureView(
        isDense: true, oneHot: 60, hasRank: false, hasFrequency: false, hasTargetMean: true, words: 300)

    package var json: JSON {
        [
            "isDense": .bool(isDense), "oneHot": JSON(oneHot), "hasRank": .bool(hasRank),
            "hasFrequency": .bool(hasFrequency), "hasTargetMean": .bool(hasTargetMean), "words": JSON(words),
        ]
    }

    package init(
        isDense: Bool, oneHot: Int, hasRank: Bool, hasFrequency: Bool, hasTargetMean: Bool, words: Int
    ) {
        self.isDense = isDense
        self.oneHot = oneHot
        self.hasRank = hasRank
        self.hasFrequency = hasFrequency
        self.hasTargetMean = hasTargetMean
        self.words = words
    }

    package init(_ json: JSON) {
        self.init(
            isDense: json["isDense"].bool ?? false, oneHot: json["oneHot"].integer ?? 0,
            hasRank: json["hasRank"].bool ?? false, hasFrequency: json["hasFrequency"].bool ?? false,
            hasTargetMean: json["hasTargetMean"].bool ?? false, words: json["words"].integer ?? 0)
    }
}

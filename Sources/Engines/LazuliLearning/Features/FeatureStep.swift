package import LazuliTabular

/// One way in which a column of the table becomes features. Fitted: all that it learned stands in it.
///
/// Columns are meant by their names, so that a step can be exported without the table.
package enum FeatureStep: Sendable, Equatable {
    /// The number itself, or seconds since 1970 of a date; one feature. A missing value stays NaN where nothing stands for
    /// it.
    case number(column: String, fill: Float? = nil)
    /// 1 where the value is missing, else 0; one feature.
    case missing(column: String)
    /// 1 in the feature of the value's own category, else 0; a feature per category. A value that is none of them gives
    /// zeros only. The empty text stands for a missing value.
    case oneHot(column: String, categories: [String])
    /// A number per category: its rank, or the mean of the target in it; one feature.
    case lookup(column: String, LookupTable)
    /// A part of a date and time, UTC; one feature. A missing value gives NaN.
    case datePart(column: String, DatePart)
    /// The weights (TF-IDF, each row of length 1) of the words of a vocabulary; a feature per word.
    case words(column: String, WordVocabulary)

    /// The column that it reads.
    package var column: String {
        switch self {
        case .number(let column, _), .missing(let column), .oneHot(let column, _), .lookup(let column, _),
            .datePart(let column, _), .words(let column, _):
            column
        }
    }

    /// The number of features.
    package var width: Int {
        switch self {
        case .number, .missing, .lookup, .datePart: 1
        case .oneHot(_, let categories): categories.count
        case .words(_, let vocabulary): vocabulary.words.count
        }
    }
}

/// A number for each of some categories. The empty text stands for a missing value.
package struct LookupTable: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The rank by frequency, from 0 for the most frequent one.
        case rank
        /// The smoothed mean of the target, or the smoothed share of one class.
        case targetMean
    }

    package var kind: Kind
    package var categories: [String]
    /// Beside `categories`.
    package var numbers: [Float]
    /// For every other value.
    package var other: Float

    package init(kind: Kind, categories: [String], numbers: [Float], other: Float) {
        self.kind = kind
        self.categories = categories
        self.numbers = numbers
        self.other = other
    }
}

/// Words and their inverse document frequencies. Words are runs of ASCII letters, digits and bytes above 127, in lower
/// case (ASCII only); all else separates them.
package struct WordVocabulary: Sendable, Equatable {
    package var words: [String]
    /// Beside `words`.
    package var weights: [Float]

    package init(words: [String], weights: [Float]) {
        self.words = words
        self.weights = weights
    }
}

/// How features are filled and scaled for models that cannot miss any: (value or `fill` where it is missing − `shift`)
/// × `factor`, all per feature. Of skewed features it is log(1 + how far the value is above its origin) that is scaled.
package struct FeatureScaling: Sendable, Equatable {
    package var fill: [Float]
    package var shift: [Float]
    package var factor: [Float]
    /// Per feature; NaN for one that is scaled as it is. Nil when all are.
    package var logarithmOrigins: [Float]?

    package init(fill: [Float], shift: [Float], factor: [Float], logarithmOrigins: [Float]? = nil) {
        self.fill = fill
        self.shift = shift
        self.factor = factor
        self.logarithmOrigins = logarithmOrigins
    }
}

/// How a row of the table becomes a row of features: the steps' features one after the other, then the scaling.
package struct FittedFeatures: Sendable, Equatable {
    package var steps: [FeatureStep]
    package var scaling: FeatureScaling?

    package init(steps: [FeatureStep], scaling: FeatureScaling? = nil) {
        self.steps = steps
        self.scaling = scaling
    }

    package var width: Int { steps.reduce(0) { $0 + $1.width } }
}

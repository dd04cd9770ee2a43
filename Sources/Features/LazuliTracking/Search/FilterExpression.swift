/// A filter after it is read: comparisons joined by AND, OR and NOT.
indirect enum FilterExpression: Equatable, Sendable {
    case comparison(Comparison)
    case all([FilterExpression])
    case any([FilterExpression])
    case not(FilterExpression)
}

/// What a comparison or an ordering looks at.
enum SearchEntity: String, Sendable {
    case metric, parameter, tag, attribute, dataset
    /// Of traces alone.
    case metadata, span, feedback, expectation, assessment, issue

    var isAssessment: Bool { self == .feedback || self == .expectation }
}

/// A named value of what is searched.
struct SearchField: Equatable, Hashable, Sendable {
    let entity: SearchEntity
    /// The name in its plain form: without quotes, aliases resolved.
    let key: String
}

/// One comparison.
struct Comparison: Equatable, Sendable {
    enum Operator: String, Sendable {
        case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
        case like = "LIKE", ilike = "ILIKE", isIn = "IN", isNotIn = "NOT IN", isNull = "IS NULL"
        case isNotNull = "IS NOT NULL"

        /// Whether it asks which of two is greater.
        var isOrdering: Bool { [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(self) }
    }

    enum Value: Equatable, Sendable {
        case none
        case text(String)
        case number(Double)
        case list([String])
    }

    let field: SearchField
    let operation: Operator
    let value: Value
    let position: Int
}

/// One key of an ordering.
struct SearchOrder: Equatable, Sendable {
    let field: SearchField
    let isAscending: Bool
}

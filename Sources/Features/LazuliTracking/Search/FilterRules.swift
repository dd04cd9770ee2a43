import LazuliResources

/// Which comparisons fit which fields.
enum FilterRules {
    private static let numeric: [Comparison.Operator] = [
        .greater, .greaterOrEqual, .notEqual, .equal, .less, .lessOrEqual,
    ]
    private static let textual: [Comparison.Operator] = [.notEqual, .equal, .like, .ilike, .isIn, .isNotIn]
    private static let presence: [Comparison.Operator] = [.isNull, .isNotNull]

    static func check(
        _ operation: Comparison.Operator, on field: SearchField, _ grammar: SearchGrammar, at position: Int
    ) throws {
        let allowed: [Comparison.Operator] =
            switch field.entity {
            case .metric: numeric
            case .parameter, .tag, .metadata: textual + presence
            case .dataset, .span, .assessment: textual
            case .issue: [.equal]
            case .feedback, .expectation: numeric + [.like, .ilike] + presence
            case .attribute: grammar.isNumeric(field) ? numeric : textual
            }
        if allowed.contains(operation) { return }
        if presence.contains(operation) {
            throw FilterFault.invalid(
                "IS NULL / IS NOT NULL is only supported for tags and params, not for "
                    + "'\(field.entity.rawValue)' '\(field.key)'", at: position)
        }
        throw FilterFault.invalid(
            "Invalid comparator '\(operation.rawValue)' not one of '\(PythonText.list(allowed.map(\.rawValue)))'",
            at: position)
    }

    static func notNumeric(_ field: SearchField, _ token: FilterToken) -> ServiceError {
        let what =
            switch field.entity {
            case .metric: "metric"
            case .feedback, .expectation: field.entity.rawValue
            default: "numeric attribute: \(field.key)"
            }
        return FilterFault.invalid("Expected numeric value type for \(what). Found \(token.text)", at: token.position)
    }

    static func notText(_ field: SearchField, _ token: FilterToken) -> ServiceError {
        guard token.kind != .word else {
            return FilterFault.invalid(
                "Parameter value is either not quoted or unidentified quote types used for string value \(token.text). "
                    + "Use either single or double quotes.", at: token.position)
        }
        let message =
            switch field.entity {
            case .parameter, .tag, .metadata, .span, .feedback, .expectation, .assessment, .issue:
                "Expected a quoted string value for \(field.entity.rawValue) (e.g. 'my-value'). Got value \(token.text)"
            case .dataset: "Expected a quoted string value for dataset attributes. Got value \(token.text)"
            default: "Expected a quoted string value for attributes. Got value \(token.text)"
            }
        return FilterFault.invalid(message, at: token.position)
    }
}

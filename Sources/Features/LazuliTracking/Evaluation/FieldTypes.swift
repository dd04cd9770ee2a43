import LazuliResources

/// The types of a data set's fields, as MLflow's clients and page read them.
enum FieldTypes {
    private static let version = "1.0"

    /// The types known so far, and those of fields that the drafts bring; a field keeps its first type.
    static func merged(_ known: JSON?, _ drafts: [EvaluationDraft]) -> JSON? {
        if drafts.isEmpty { return known }
        var types = known ?? ["inputs": [:], "outputs": [:], "expectations": [:], "version": .string(version)]
        for draft in drafts {
            add(draft.inputs, to: "inputs", &types)
            add(draft.outputs ?? .null, to: "outputs", &types)
            add(draft.expectations ?? .null, to: "expectations", &types)
        }
        return types
    }

    private static func add(_ values: JSON, to part: String, _ types: inout JSON) {
        guard let members = values.object else {
            if !values.isNull, types[part].object?.isEmpty == true { types[part] = .string(name(of: values)) }
            return
        }
        for (key, value) in members.pairs where types[part].object?[key] == nil && types[part].object != nil {
            types[part][key] = .string(name(of: value))
        }
    }

    private static func name(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "float"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSON {
    /// The value with the members of all objects in order, so that equal values have equal texts.
    var canonical: JSON {
        switch self {
        case .array(let values): .array(values.map(\.canonical))
        case .object(let members):
            .object(JSONObject(members.pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.canonical) }))
        default: self
        }
    }
}

import LazuliResources

/// A query over JSON, as `--query` takes it (jmespath.org).
struct JMESPath {
    private let root: JMESPathNode

    init(_ text: String) throws(JMESPathError) { root = try JMESPathParser.parse(text) }

    /// What the query finds in a document; null when it finds nothing.
    func search(_ document: JSON) throws(JMESPathError) -> JSON {
        try Self.evaluate(root, document)
    }

    static func evaluate(_ node: JMESPathNode, _ value: JSON) throws(JMESPathError) -> JSON {
        switch node {
        case .current: return value
        case .field(let name): return value[name]
        case .literal(let literal): return literal
        case .index(let index): return element(index, of: value)
        case .slice(let start, let stop, let step): return try slice(value, start, stop, step)
        case .subexpression(let left, let right), .pipe(let left, let right):
            return try evaluate(right, try evaluate(left, value))
        case .projection(let left, let right): return try project(try evaluate(left, value).array, right)
        case .valueProjection(let left, let right):
            return try project(try evaluate(left, value).object?.pairs.map(\.value), right)
        case .filterProjection(let left, let condition, let right):
            guard let elements = try evaluate(left, value).array else { return .null }
            var kept: [JSON] = []
            for element in elements where isTrue(try evaluate(condition, element)) { kept.append(element) }
            return try project(kept, right)
        case .flatten(let left): return flatten(try evaluate(left, value))
        case .comparison(let word, let left, let right):
            return compare(word, try evaluate(left, value), try evaluate(right, value))
        case .or(let left, let right):
            let first = try evaluate(left, value)
            return isTrue(first) ? first : try evaluate(right, value)
        case .and(let left, let right):
            let first = try evaluate(left, value)
            return isTrue(first) ? try evaluate(right, value) : first
        case .not(let inner): return .bool(!isTrue(try evaluate(inner, value)))
        case .multiSelectList(let nodes): return try selectList(nodes, value)
        case .multiSelectHash(let members): return try selectHash(members, value)
        case .call(let name, let arguments): return try JMESPathFunctions.call(name, arguments, value)
        case .expressionReference:
            throw JMESPathError(message: "&expression stands only as an argument of a function", column: 1)
        }
    }

    private static func selectList(_ nodes: [JMESPathNode], _ value: JSON) throws(JMESPathError) -> JSON {
        guard !value.isNull else { return .null }
        var elements: [JSON] = []
        for node in nodes { elements.append(try evaluate(node, value)) }
        return .array(elements)
    }

    private static func selectHash(_ members: [JMESPathNode.Member], _ value: JSON) throws(JMESPathError) -> JSON {
        guard !value.isNull else { return .null }
        var object = JSONObject()
        for member in members { object[member.key] = try evaluate(member.value, value) }
        return .object(object)
    }

    /// Nulls drop out of projections.
    private static func project(_ elements: [JSON]?, _ node: JMESPathNode) throws(JMESPathError) -> JSON {
        guard let elements else { return .null }
        var results: [JSON] = []
        for element in elements {
            let result = try evaluate(node, element)
            if !result.isNull { results.append(result) }
        }
        return .array(results)
    }

    private static func flatten(_ value: JSON) -> JSON {
        guard let elements = value.array else { return .null }
        return .array(elements.flatMap { $0.array ?? [$0] })
    }

    private static func element(_ index: Int, of value: JSON) -> JSON {
        guard let elements = value.array else { return .null }
        let place = index < 0 ? elements.count + index : index
        return elements.indices.contains(place) ? elements[place] : .null
    }

    private static func slice(
        _ value: JSON, _ start: Int?, _ stop: Int?, _ step: Int?
    ) throws(JMESPathError) -> JSON {
        guard let elements = value.array else { return .null }
        let step = step ?? 1
        guard step != 0 else { throw JMESPathError(message: "the step of a slice cannot be 0", column: 1) }
        let count = elements.count
        func bounded(_ index: Int?, _ missing: Int) -> Int {
            guard let index else { return missing }
            let place = index < 0 ? index + count : index
            return step > 0 ? min(max(place, 0), count) : min(max(place, -1), count - 1)
        }
        let first = bounded(start, step > 0 ? 0 : count - 1)
        let last = bounded(stop, step > 0 ? count : -1)
        return .array(Swift.stride(from: first, to: last, by: step).map { elements[$0] })
    }

    /// Empty texts, lists and objects, false and null are untrue; zero is true.
    static func isTrue(_ value: JSON) -> Bool {
        switch value {
        case .null: false
        case .bool(let flag): flag
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        case .integer, .number: true
        }
    }

    /// Numbers are equal by value, however they are written.
    static func equal(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.integer, .number), (.number, .integer): left.number == right.number
        case (.array(let first), .array(let second)):
            first.count == second.count && zip(first, second).allSatisfy { equal($0, $1) }
        default: left == right
        }
    }

    private static func compare(_ word: String, _ left: JSON, _ right: JSON) -> JSON {
        switch word {
        case "==": return .bool(equal(left, right))
        case "!=": return .bool(!equal(left, right))
        default: break
        }
        guard let ordered = order(left, right) else { return .null }
        switch word {
        case "<": return .bool(ordered < 0)
        case "<=": return .bool(ordered <= 0)
        case ">": return .bool(ordered > 0)
        default: return .bool(ordered >= 0)
        }
    }

    /// Numbers and texts have an order among their own kind.
    static func order(_ left: JSON, _ right: JSON) -> Int? {
        if let first = left.number, let second = right.number { return first < second ? -1 : first > second ? 1 : 0 }
        guard let first = left.string?.unicodeScalars, let second = right.string?.unicodeScalars else { return nil }
        if first.elementsEqual(second) { return 0 }
        return first.lexicographicallyPrecedes(second) ? -1 : 1
    }
}

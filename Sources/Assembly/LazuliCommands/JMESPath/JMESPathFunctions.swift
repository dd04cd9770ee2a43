import LazuliResources

/// The built-in functions of JMESPath.
enum JMESPathFunctions {
    static let names = [
        "abs", "avg", "ceil", "contains", "ends_with", "floor", "join", "keys", "length", "map", "max", "max_by",
        "merge", "min", "min_by", "not_null", "reverse", "sort", "sort_by", "starts_with", "sum", "to_array",
        "to_number", "to_string", "type", "values",
    ]

    private static let arity: [String: ClosedRange<Int>] = [
        "contains": 2...2, "ends_with": 2...2, "join": 2...2, "map": 2...2, "max_by": 2...2, "min_by": 2...2,
        "sort_by": 2...2, "starts_with": 2...2, "merge": 0...64, "not_null": 1...64,
    ]

    static func call(_ name: String, _ nodes: [JMESPathNode], _ value: JSON) throws(JMESPathError) -> JSON {
        let wanted = arity[name] ?? 1...1
        guard wanted.contains(nodes.count) else {
            let count =
                wanted.lowerBound == wanted.upperBound ? "\(wanted.lowerBound)" : "at least \(wanted.lowerBound)"
            throw JMESPathError(message: "\(name)() takes \(count) arguments, not \(nodes.count)", column: 1)
        }
        if let result = try byExpression(name, nodes, value) { return result }
        var arguments: [JSON] = []
        for node in nodes { arguments.append(try JMESPath.evaluate(node, value)) }
        return try plain(name, arguments)
    }

    private static func wrong(_ name: String, _ expected: String, _ value: JSON) -> JMESPathError {
        JMESPathError(message: "\(name)() needs \(expected), not \(value.kindName)", column: 1)
    }

    /// `map`, `sort_by`, `max_by`, `min_by`: functions with an `&expression`.
    private static func byExpression(
        _ name: String, _ nodes: [JMESPathNode], _ value: JSON
    ) throws(JMESPathError) -> JSON? {
        let (listNode, keyNode): (JMESPathNode, JMESPathNode)
        switch name {
        case "map": (keyNode, listNode) = (nodes[0], nodes[1])
        case "sort_by", "max_by", "min_by": (listNode, keyNode) = (nodes[0], nodes[1])
        default: return nil
        }
        guard case .expressionReference(let key) = keyNode else {
            throw JMESPathError(message: "\(name)() needs an &expression", column: 1)
        }
        let list = try JMESPath.evaluate(listNode, value)
        guard let elements = list.array else { throw wrong(name, "an array", list) }
        var keyed: [(element: JSON, key: JSON)] = []
        for element in elements { keyed.append((element, try JMESPath.evaluate(key, element))) }
        if name == "map" { return .array(keyed.map(\.key)) }
        for pair in keyed { try checkOrdered(name, pair.key, like: keyed[0].key) }
        switch name {
        case "sort_by": return .array(stablySorted(keyed))
        case "max_by": return keyed.max { precedes($0.key, $1.key) }?.element ?? .null
        default: return keyed.min { precedes($0.key, $1.key) }?.element ?? .null
        }
    }

    private static func checkOrdered(_ name: String, _ value: JSON, like first: JSON) throws(JMESPathError) {
        guard JMESPath.order(value, first) != nil else { throw wrong(name, "all numbers or all strings", value) }
    }

    private static func precedes(_ left: JSON, _ right: JSON) -> Bool { (JMESPath.order(left, right) ?? 0) < 0 }

    private static func stablySorted(_ keyed: [(element: JSON, key: JSON)]) -> [JSON] {
        keyed.enumerated().sorted { left, right in
            precedes(left.element.key, right.element.key)
                || (!precedes(right.element.key, left.element.key) && left.offset < right.offset)
        }.map(\.element.element)
    }

    private static func plain(_ name: String, _ arguments: [JSON]) throws(JMESPathError) -> JSON {
        let first = arguments.first ?? .null
        switch name {
        case "abs", "ceil", "floor": return try rounded(name, first)
        case "avg", "sum", "max", "min", "sort": return try overList(name, first)
        case "contains": return try contains(first, arguments[1])
        case "starts_with": return .bool(try text(name, first).hasPrefix(try text(name, arguments[1])))
        case "ends_with": return .bool(try text(name, first).hasSuffix(try text(name, arguments[1])))
        case "join":
            let glue = try text(name, first)
            var parts: [String] = []
            for part in try list(name, arguments[1]) { parts.append(try text(name, part)) }
            return .string(parts.joined(separator: glue))
        case "keys": return .array(try object(name, first).keys.map(JSON.string))
        case "values": return .array(try object(name, first).pairs.map(\.value))
        case "length": return try length(first)
        case "merge":
            var merged = JSONObject()
            for argument in arguments { merged = merged.merging(try object(name, argument)) }
            return .object(merged)
        case "not_null": return arguments.first { !$0.isNull } ?? .null
        case "reverse":
            if let string = first.string { return .string(String(string.reversed())) }
            return .array(try list(name, first).reversed())
        case "to_array": return first.array == nil ? .array([first]) : first
        case "to_string": return first.string == nil ? .string(first.text) : first
        case "to_number": return number(first)
        default: return .string(typeName(first))
        }
    }

    private static func text(_ name: String, _ value: JSON) throws(JMESPathError) -> String {
        guard let text = value.string else { throw wrong(name, "a string", value) }
        return text
    }

    private static func list(_ name: String, _ value: JSON) throws(JMESPathError) -> [JSON] {
        guard let elements = value.array else { throw wrong(name, "an array", value) }
        return elements
    }

    private static func object(_ name: String, _ value: JSON) throws(JMESPathError) -> JSONObject {
        guard let members = value.object else { throw wrong(name, "an object", value) }
        return members
    }

    private static func rounded(_ name: String, _ value: JSON) throws(JMESPathError) -> JSON {
        guard let number = value.number else { throw wrong(name, "a number", value) }
        if name == "abs" { return value.integer.map { JSON(abs($0)) } ?? .number(abs(number)) }
        let whole = number.rounded(name == "ceil" ? .up : .down)
        return Int64(exactly: whole).map(JSON.integer) ?? .number(whole)
    }

    private static func overList(_ name: String, _ value: JSON) throws(JMESPathError) -> JSON {
        let elements = try list(name, value)
        if name == "avg" || name == "sum" {
            var total = 0.0
            for element in elements {
                guard let number = element.number else { throw wrong(name, "an array of numbers", element) }
                total += number
            }
            if name == "avg" { return elements.isEmpty ? .null : .number(total / Double(elements.count)) }
            let whole = elements.allSatisfy { $0.integer != nil }
            return whole ? Int64(exactly: total).map(JSON.integer) ?? .number(total) : .number(total)
        }
        for element in elements { try checkOrdered(name, element, like: elements[0]) }
        switch name {
        case "max": return elements.max(by: precedes) ?? .null
        case "min": return elements.min(by: precedes) ?? .null
        default: return .array(stablySorted(elements.map { ($0, $0) }))
        }
    }

    private static func contains(_ subject: JSON, _ search: JSON) throws(JMESPathError) -> JSON {
        if let elements = subject.array { return .bool(elements.contains { JMESPath.equal($0, search) }) }
        guard let text = subject.string else { throw wrong("contains", "an array or a string", subject) }
        return .bool(search.string.map { text.contains($0) || $0.isEmpty } ?? false)
    }

    private static func length(_ value: JSON) throws(JMESPathError) -> JSON {
        switch value {
        case .string(let text): return JSON(text.unicodeScalars.count)
        case .array(let elements): return JSON(elements.count)
        case .object(let members): return JSON(members.count)
        default: throw wrong("length", "a string, an array or an object", value)
        }
    }

    private static func number(_ value: JSON) -> JSON {
        switch value {
        case .integer, .number: value
        case .string(let text): Int64(text).map(JSON.integer) ?? Double(text).map(JSON.number) ?? .null
        default: .null
        }
    }

    private static func typeName(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

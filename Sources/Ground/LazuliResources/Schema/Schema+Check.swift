extension Schema {
    /// The value with enum words in their kept spelling and read-only members dropped, or every problem found in it.
    ///
    /// - Parameters:
    ///   - value: the value as the client sent it.
    ///   - path: the JSON path of the value, named in each problem.
    /// - Throws: `ServiceError` (`invalidArgument`), one detail a problem.
    public func checked(_ value: JSON, at path: String) throws -> JSON {
        var problems: [ServiceError] = []
        let normalised = normalise(value, at: path, &problems)
        if let error = ServiceError.collecting(problems, in: "The body") { throw error }
        return normalised
    }

    /// The same without throwing: problems are appended to `problems`.
    public func normalise(_ value: JSON, at path: String, _ problems: inout [ServiceError]) -> JSON {
        switch self {
        case .any: return value
        case .string: return expect(value, value.string != nil, "a string", path, &problems)
        case .boolean: return boolean(value, path, &problems)
        case .integer: return expect(value, value.integer != nil, "a whole number", path, &problems)
        case .number: return expect(value, value.number != nil, "a number", path, &problems)
        case .duration:
            let isDuration = value.string.map { ISODuration($0) != nil } ?? false
            return expect(value, isDuration, "an ISO 8601 duration such as \"PT2M\"", path, &problems)
        case .oneOf(let words): return word(value, words, path, &problems)
        case .array(let element):
            guard let elements = value.array else { return expect(value, false, "an array", path, &problems) }
            return .array(elements.enumerated().map { element.normalise($1, at: "\(path)[\($0)]", &problems) })
        case .call(let functions): return call(value, functions, path, &problems)
        case .map(let element):
            guard let members = value.object else { return expect(value, false, "an object", path, &problems) }
            let pairs = members.pairs.map { ($0.key, element.normalise($0.value, at: "\(path).\($0.key)", &problems)) }
            return .object(JSONObject(pairs))
        case .object(let fields): return object(value, fields, path, &problems)
        case .tagged(let tag, let shapes): return tagged(value, tag, shapes, path, &problems)
        }
    }

    private func problem(_ message: String, _ path: String) -> ServiceError {
        ServiceError(.invalidArgument, message, target: path)
    }

    private func expect(
        _ value: JSON, _ holds: Bool, _ expected: String, _ path: String, _ problems: inout [ServiceError]
    ) -> JSON {
        if !holds { problems.append(problem("\(path) must be \(expected), not \(value.kindName).", path)) }
        return value
    }

    /// The stock client writes some flags as the words "True" and "False".
    private func boolean(_ value: JSON, _ path: String, _ problems: inout [ServiceError]) -> JSON {
        switch value.string?.lowercased() {
        case "true": true
        case "false": false
        default: expect(value, value.bool != nil, "true or false", path, &problems)
        }
    }

    private func word(_ value: JSON, _ words: [String], _ path: String, _ problems: inout [ServiceError]) -> JSON {
        guard let text = value.string else { return expect(value, false, "a string", path, &problems) }
        let wanted = Schema.folded(text)
        if let kept = words.first(where: { Schema.folded($0) == wanted }) { return .string(kept) }
        problems.append(
            problem(
                "\(path) is \"\(text)\", which is not one of \(words.joined(separator: ", "))."
                    + NearestName.hint(text, among: words), path))
        return value
    }

    /// Enum words are compared without case, underscores and hyphens: `low_priority`, `LowPriority`, `Lowpriority`.
    static func folded(_ word: String) -> String {
        word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    private func call(
        _ value: JSON, _ functions: [String: [Schema]], _ path: String, _ problems: inout [ServiceError]
    ) -> JSON {
        guard let parts = value.array, parts.count == 2, let arguments = parts[1].array else {
            return expect(value, false, "a name and its arguments, as [\"uniform\", [0, 1]],", path, &problems)
        }
        let name = word(parts[0], functions.keys.sorted(), "\(path)[0]", &problems)
        guard let shapes = name.string.flatMap({ functions[$0] }) else { return value }
        guard arguments.count == shapes.count else {
            problems.append(
                problem(
                    "\(path)[1] has \(arguments.count) arguments; \(name.text) takes \(shapes.count).", "\(path)[1]"))
            return value
        }
        let checked = zip(arguments, shapes).enumerated().map { place, pair in
            pair.1.normalise(pair.0, at: "\(path)[1][\(place)]", &problems)
        }
        return .array([name, .array(checked)])
    }

    private func object(_ value: JSON, _ fields: [Field], _ path: String, _ problems: inout [ServiceError]) -> JSON {
        guard let members = value.object else { return expect(value, false, "an object", path, &problems) }
        var kept = JSONObject()
        for (key, member) in members.pairs {
            guard let field = fields.first(where: { $0.name == key }) else {
                let hint = NearestName.hint(key, among: fields.map(\.name))
                problems.append(problem("\(path) has no member \"\(key)\".\(hint)", "\(path).\(key)"))
                continue
            }
            switch field.presence {
            case .readOnly: continue
            case .optional where member.isNull: kept[key] = member
            case .optional, .required: kept[key] = field.schema.normalise(member, at: "\(path).\(key)", &problems)
            }
        }
        for field in fields where field.presence == .required && (members[field.name] ?? .null).isNull {
            guard members[field.name] == nil || field.schema.takesNull else { continue }
            problems.append(problem("\(path).\(field.name) is missing; it is required.", "\(path).\(field.name)"))
        }
        return .object(kept)
    }

    /// Whether a null would pass this shape unnoticed, so that a required member must be looked at by itself.
    private var takesNull: Bool { if case .any = self { true } else { false } }

    private func tagged(
        _ value: JSON, _ tag: String, _ shapes: [String: Schema], _ path: String, _ problems: inout [ServiceError]
    ) -> JSON {
        guard let members = value.object else { return expect(value, false, "an object", path, &problems) }
        let tagPath = "\(path).\(tag)"
        guard let name = members[tag], !name.isNull else {
            return untagged(members, tag, shapes, path, &problems)
        }
        let kept = word(name, shapes.keys.sorted(), tagPath, &problems)
        guard let chosen = kept.string, let shape = shapes[chosen] else { return value }
        var untagged = members
        untagged[tag] = nil
        var result = JSONObject([(tag, kept)])
        if let rest = shape.normalise(.object(untagged), at: path, &problems).object { result = result.merging(rest) }
        return .object(result)
    }

    /// Reports a missing tag. A member that was most likely meant for it serves to check the rest all the same.
    private func untagged(
        _ members: JSONObject, _ tag: String, _ shapes: [String: Schema], _ path: String,
        _ problems: inout [ServiceError]
    ) -> JSON {
        let slip = members.keys.first {
            $0 != tag && members[$0]?.string != nil && NearestName.of($0, among: [tag]) != nil
        }
        guard let slip else {
            let known = shapes.keys.sorted().joined(separator: ", ")
            problems.append(problem("\(path).\(tag) is missing; it is one of \(known).", "\(path).\(tag)"))
            return .object(members)
        }
        problems.append(problem("\(path) has no member \"\(slip)\". Did you mean \"\(tag)\"?", "\(path).\(slip)"))
        var renamed = members
        renamed[tag] = members[slip]
        renamed[slip] = nil
        return tagged(.object(renamed), tag, shapes, path, &problems)
    }
}

extension JSON {
    /// What the value is, in words for a message.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

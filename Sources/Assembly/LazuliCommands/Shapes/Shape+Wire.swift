import LazuliResources

extension Shape {
    /// The wire's form of a checked value.
    func encode(_ value: JSON) -> JSON {
        if value.string?.contains("${{") ?? false, isScalar { return value }
        switch self {
        case .later(let shape): return shape().encode(value)
        case .coded(let inner, let codec): return codec.encode(inner.encode(value))
        case .object(let fields): return fields.encode(value)
        case .file(let inner), .prepared(let inner, _): return inner.encode(value)
        case .map(let inner):
            return .object(JSONObject((value.object?.pairs ?? []).map { ($0.key, inner.encode($0.value)) }))
        case .list(let inner), .oneOrMore(let inner): return .array((value.array ?? [value]).map(inner.encode))
        case .scalarOr(let scalar, let structured):
            return value.object == nil && value.array == nil ? scalar.encode(value) : structured.encode(value)
        case .seconds: return value.number.map { .string("PT\(Self.whole($0))S") } ?? value
        case .minutes: return value.number.map { .string("PT\(Self.whole($0))M") } ?? value
        case .word(let words): return value.string.map { .string(words.wire($0)) } ?? value
        default: return value
        }
    }

    /// The file's form of a value of the wire.
    func decode(_ value: JSON) -> JSON {
        switch self {
        case .later(let shape): return shape().decode(value)
        case .coded(let inner, let codec): return inner.decode(codec.decode(value))
        case .object(let fields): return value.object == nil ? value : fields.decode(value)
        case .file(let inner), .prepared(let inner, _): return inner.decode(value)
        case .map(let inner):
            guard let members = value.object else { return value }
            return .object(
                JSONObject(members.pairs.filter { !$0.value.isNull }.map { ($0.key, inner.decode($0.value)) }))
        case .list(let inner), .oneOrMore(let inner): return value.array.map { .array($0.map(inner.decode)) } ?? value
        case .scalarOr(let scalar, let structured):
            return value.object == nil && value.array == nil ? scalar.decode(value) : structured.decode(value)
        case .seconds: return value.string.flatMap { ISODuration($0) }.map { Self.number($0.seconds) } ?? value
        case .minutes: return value.string.flatMap { ISODuration($0) }.map { Self.number($0.seconds / 60) } ?? value
        case .word(let words): return value.string.map { .string(words.file($0)) } ?? value
        case .asset(let role):
            return value.string.map { .string(role.isIdentified ? AssetReference.short($0) : $0) } ?? value
        default: return value
        }
    }

    private var isScalar: Bool {
        switch self {
        case .text, .integer, .number, .boolean, .literal, .seconds, .minutes, .word, .asset: true
        default: false
        }
    }

    static func whole(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
    private static func number(_ value: Double) -> JSON { Int64(exactly: value).map(JSON.integer) ?? .number(value) }
}

extension AssetRole {
    /// Whether the wire holds an ARM id for it, rather than a path.
    var isIdentified: Bool { self != .modelPath && self != .buildContext }
}

extension Fields {
    func encode(_ value: JSON) -> JSON {
        var result = JSON.object(JSONObject())
        let word = variants.flatMap { value[$0.key].string ?? $0.fallback }
        if let variants, let word, !variants.wire.isEmpty {
            result = result.setting(.string(variants.words.wire(word)), at: variants.wire[...])
        }
        let rows = rows(for: word) { value[$0.key].string }
        for row in rows where row.presence != .shown && !row.wire.isEmpty {
            let member = value[row.key]
            guard !member.isNull else { continue }
            result = result.setting(row.shape.encode(member), at: row.wire[...])
        }
        if keepsOthers {
            for (key, member) in value.object?.pairs ?? [] where !rows.contains(where: { $0.key == key }) {
                result[key] = member
            }
        }
        return result
    }

    func decode(_ wire: JSON) -> JSON {
        var result = JSONObject()
        let word = variants.flatMap { variants in
            wire[path: variants.wire].string.map(variants.words.file) ?? variants.fallback
        }
        let rows = rows(for: word) { $0.shape.decode(wire[path: $0.wire]).string }
        for row in rows where !row.wire.isEmpty {
            let member = wire[path: row.wire]
            guard !member.isNull else { continue }
            let decoded = row.shape.decode(member)
            if !decoded.isNull { result[row.key] = decoded }
        }
        if keepsOthers {
            for (key, member) in wire.object?.pairs ?? [] where !rows.contains(where: { $0.wire == [key] }) {
                result[key] = member
            }
        }
        if let variants, let word { result[variants.key] = .string(word) }
        return .object(result)
    }
}

extension JSON {
    /// The value, or nothing at all for null. (`nil` written where an optional value is meant may be read as JSON's null.)
    var known: JSON? { isNull ? Optional<JSON>.none : .some(self) }

    /// This value with a member set at a path, the objects on the way made. Where both are objects they are merged.
    func setting(_ value: JSON, at path: ArraySlice<String>) -> JSON {
        guard let key = path.first else {
            if let mine = object, let theirs = value.object { return .object(mine.merging(theirs)) }
            return value
        }
        var copy = self
        copy[key] = self[key].setting(value, at: path.dropFirst())
        return copy
    }
}

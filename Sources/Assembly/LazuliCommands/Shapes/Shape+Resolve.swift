import LazuliResources

/// Gives things an id: uploads folders, registers what stands in place, finds the newest version.
protocol AssetResolving: Sendable {
    /// - Parameters:
    ///   - value: a checked reference, a path of this machine, or a thing spelled out.
    ///   - type: the `type` that stands beside it, such as `mlflow_model`.
    ///   - datastore: the `datastore` that stands beside it.
    func resolve(_ value: JSON, _ role: AssetRole, type: String?, datastore: String?) async throws -> JSON
}

extension Shape {
    /// The value with everything it refers to resolved.
    func resolve(_ value: JSON, with resolver: some AssetResolving, beside owner: JSON = .null) async throws -> JSON {
        switch self {
        case .later(let shape): return try await shape().resolve(value, with: resolver)
        case .coded(let inner, _), .file(let inner):
            return try await inner.resolve(value, with: resolver, beside: owner)
        case .prepared(let inner, let prepare): return try await inner.resolve(prepare(value), with: resolver)
        case .object(let fields): return try await fields.resolve(value, with: resolver)
        case .scalarOr(let scalar, let structured):
            let chosen = value.object == nil && value.array == nil ? scalar : structured
            return try await chosen.resolve(value, with: resolver)
        case .map(let inner):
            var members = JSONObject()
            for (key, member) in value.object?.pairs ?? [] {
                members[key] = try await inner.resolve(member, with: resolver)
            }
            return .object(members)
        case .list(let inner), .oneOrMore(let inner):
            var elements: [JSON] = []
            for element in value.array ?? [] { elements.append(try await inner.resolve(element, with: resolver)) }
            return .array(elements)
        case .asset(let role):
            if value.string?.contains("${{") ?? false { return value }
            return try await resolver.resolve(
                value, role, type: owner["type"].string, datastore: owner["datastore"].string)
        default: return value
        }
    }
}

extension Fields {
    func resolve(_ value: JSON, with resolver: some AssetResolving) async throws -> JSON {
        guard var members = value.object else { return value }
        let word = variants.flatMap { value[$0.key].string ?? $0.fallback }
        for row in rows(for: word, { value[$0.key].string }) {
            guard let member = members[row.key] else { continue }
            let resolved = try await row.shape.resolve(member, with: resolver, beside: value)
            members[row.key] = resolved.known
        }
        return .object(members)
    }
}

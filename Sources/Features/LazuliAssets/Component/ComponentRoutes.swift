import LazuliDomain
import LazuliPersistence
import LazuliResources

extension AssetsFeature {
    /// Components keep their specification as it was sent, with name and version set: the stock client validates
    /// what comes back against the schema of its YAML files.
    var componentRoutes: [Route] {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, call in
            var body = Self.filled(body)
            var specification = body["properties"]["componentSpec"]
            guard specification.object != nil else {
                throw ServiceError(
                    .invalidArgument, "A component's componentSpec must be an object.",
                    target: "$.properties.componentSpec")
            }
            try Self.checkSpecification(specification)
            specification["name"] = .string(try call.parameter("name"))
            specification["version"] = .string(try call.parameter("version"))
            for member in Self.ofClient { specification[member] = .null }
            if Self.type(of: specification) == "command", specification["is_deterministic"].isNull {
                specification["is_deterministic"] = true
            }
            body["properties"]["componentSpec"] = specification.withoutNulls
            return body
        }
        behaviour.containerProperties = { properties in
            [
                ("type", properties["componentSpec"]["type"]),
                ("displayName", properties["componentSpec"]["display_name"]),
            ]
        }
        return documents(AssetKinds.components, behaviour).routes()
    }

    /// What clients add to a specification to tell where they had it from; the content is the same without.
    private static let ofClient = ["_source", "id", "creation_context", "$schema"]

    private static func type(of specification: JSON) -> String { specification["type"].string ?? "command" }

    private static let parts: [String: [String]] = [
        "command": ["command", "environment"], "pipeline": ["jobs"], "parallel": ["task"], "spark": ["entry"],
    ]

    private static func checkSpecification(_ specification: JSON) throws {
        let type = type(of: specification)
        let missing = (parts[type] ?? []).filter { specification[$0].isNull }
        let problems = missing.map {
            ServiceError(
                .invalidArgument, "A \(type) component needs \"\($0)\".", target: "$.properties.componentSpec.\($0)")
        }
        if let error = ServiceError.collecting(problems, in: "The component") { throw error }
    }
}

extension JSON {
    /// Members that are null left out: the client's schema refuses nulls where it takes missing members.
    fileprivate var withoutNulls: JSON {
        guard let object else { return self }
        return .object(JSONObject(object.pairs.filter { !$0.value.isNull }.map { ($0.key, $0.value) }))
    }
}

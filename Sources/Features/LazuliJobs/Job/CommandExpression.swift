import LazuliResources

/// Fills `${{inputs.x}}`, `${{outputs.y}}` and `${{name}}` in commands, and drops `$[[optional parts]]` whose inputs
/// are not given. Source: the expression syntax of the service's YAML reference.
struct CommandExpression: Sendable {
    /// The values by the dotted name inside the braces.
    let values: [String: String]

    /// - Throws: `invalidArgument` naming each expression that has no value, with the nearest one that has.
    func filled(_ command: String) throws -> String {
        var problems: [ServiceError] = []
        let whole = filledOptionalParts(command)
        let text = replaced(whole) { problems.append(unknown($0)) }
        if let error = ServiceError.collecting(problems, in: "The command") { throw error }
        return text
    }

    private func unknown(_ name: String) -> ServiceError {
        let hint = NearestName.hint(name, among: values.keys.sorted())
        return ServiceError(
            .invalidArgument, "The command uses ${{\(name)}}, which has no value.\(hint)",
            target: "$.properties.command")
    }

    /// `$[[--rate ${{inputs.rate}}]]` stays without its brackets when all it names is given, and goes otherwise.
    private func filledOptionalParts(_ text: String) -> String {
        Self.substituting(text, open: "$[[", close: "]]") { part in
            var isComplete = true
            _ = replaced(part) { _ in isComplete = false }
            return isComplete ? part : ""
        }
    }

    private func replaced(_ text: String, _ missing: (String) -> Void) -> String {
        Self.substituting(text, open: "${{", close: "}}") { inner in
            let name = Self.normalised(inner)
            if let value = values[name] { return value }
            missing(name)
            return ""
        }
    }

    /// `inputs['x']` and `inputs.x` are the same; `.path` after an input or output means the input itself.
    private static func normalised(_ inner: String) -> String {
        var name = inner.filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" && $0 != "]" }
        name = String(name.map { $0 == "[" ? "." : $0 })
        let parts = name.split(separator: ".")
        return parts.count == 3 && parts[2] == "path" ? parts.prefix(2).joined(separator: ".") : name
    }

    /// Replaces each `open…close` by what the closure makes of its inside; an opening that is never closed stays.
    static func substituting(
        _ text: String, open: String, close: String, _ replacement: (String) -> String
    ) -> String {
        var result = "", rest = Substring(text)
        while let start = rest.firstRange(of: open) {
            let inside = rest[start.upperBound...]
            guard let end = inside.firstRange(of: close) else { break }
            result += rest[..<start.lowerBound]
            result += replacement(String(inside[..<end.lowerBound]))
            rest = inside[end.upperBound...]
        }
        return result + rest
    }
}

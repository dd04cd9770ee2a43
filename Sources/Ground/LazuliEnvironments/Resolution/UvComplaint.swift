/// What uv says when requirements cannot be met, taken apart. The phrases are those of uv 0.13; an unknown one is
/// still shown as it stands.
struct UvComplaint: Equatable {
    enum Kind: Equatable {
        case unknownPackage(String)
        case unknownVersion(name: String, version: String)
        /// The version is there, but not for this Python or platform.
        case noBuild(name: String, version: String)
        case conflict
        case indexUnreachable
        /// A package had to be built from source, and that failed.
        case failedBuild(name: String)
        case notUnderstood
    }

    let kind: Kind
    /// uv's explanation in one line.
    let explanation: String

    init(messages: [String]) {
        explanation = UvComplaint.explanation(messages)
        kind = UvComplaint.kind(of: explanation, all: messages.joined(separator: "\n"))
    }

    /// Names of the requirements that the explanation speaks of, in their order.
    func culprits(among requirements: [String]) -> [String] {
        let words = Set(
            explanation.split { !($0.isLetter || $0.isNumber || "._-".contains($0)) }
                .map { RequirementLine.name(of: String($0)) })
        return requirements.filter { words.contains(RequirementLine.name(of: $0)) }
    }

    private static func explanation(_ messages: [String]) -> String {
        var lines: [String] = []
        for line in messages {
            let text = line.trimmed
            if text.hasPrefix("hint:") || text.hasPrefix("warning:") || text.isEmpty { continue }
            if text == "error: No solution found when resolving dependencies" { continue }
            lines.append(text.withoutPrefix("error: ").withoutPrefix("cause: "))
        }
        return lines.joined(separator: " ")
    }

    private static func kind(of text: String, all: String) -> Kind {
        for sign in ["Failed to fetch", "error sending request", "Request failed", "dns error"] where all.contains(sign)
        {
            return .indexUnreachable
        }
        if all.contains("Failed to build") { return .failedBuild(name: word(after: "Failed to build", in: all)) }
        if all.contains("Couldn't parse requirement") { return .notUnderstood }
        if let name = word(before: " was not found in the", in: text) { return .unknownPackage(name) }
        if let range = text.firstRange(of: "there is no version of ") {
            let (name, version) = split(String(text[range.upperBound...].prefix { $0 != " " && $0 != "," }))
            if !version.isEmpty { return .unknownVersion(name: name, version: version) }
        }
        for sign in [" has no usable wheels", " has no wheels with a matching"] {
            guard let found = word(before: sign, in: text) else { continue }
            let (name, version) = split(found)
            return .noBuild(name: name, version: version)
        }
        return text.contains("requirements are unsatisfiable") ? .conflict : .notUnderstood
    }

    private static func word(before sign: String, in text: String) -> String? {
        guard let range = text.firstRange(of: sign) else { return nil }
        return text[..<range.lowerBound].split(separator: " ").last.map(String.init)
    }

    private static func word(after sign: String, in text: String) -> String {
        guard let range = text.firstRange(of: sign) else { return "" }
        return String(text[range.upperBound...].drop { " `".contains($0) }.prefix { !" `\n".contains($0) })
    }

    private static func split(_ pin: String) -> (String, String) {
        let name = pin.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
        return (String(name), String(pin[name.endIndex...].drop { "=<>!~{".contains($0) }))
    }
}

extension String {
    fileprivate func withoutPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}

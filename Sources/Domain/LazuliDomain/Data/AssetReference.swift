public import LazuliResources

/// A parsed name of an asset version.
public struct AssetReference: Sendable, Equatable {
    public enum Choice: Sendable, Equatable {
        case version(String)
        case label(String)
    }

    public let name: String
    public let choice: Choice
    /// The workspace an ARM id names; nil means the caller's.
    public let scope: WorkspaceScope?
    /// The registry of an `azureml://registries/…` reference.
    public let registry: String?

    /// - Throws: `invalidArgument` that shows the forms.
    public init(_ text: String, kind: AssetKind) throws {
        var rest = text
        if rest.hasPrefix("azureml:"), !rest.hasPrefix("azureml://") { rest.removeFirst("azureml:".count) }
        if let parsed = Self.path(rest, kind) ?? Self.short(rest), parsed.isComplete {
            self = parsed
            return
        }
        throw ServiceError(
            .invalidArgument,
            "\"\(text)\" names no \(kind.singular). Use azureml:<name>:<version> or azureml:<name>@latest.",
            target: text)
    }

    private var isComplete: Bool {
        switch choice {
        case .version(let text), .label(let text): !name.isEmpty && !text.isEmpty
        }
    }

    private init(name: String, choice: Choice, scope: WorkspaceScope? = nil, registry: String? = nil) {
        self.name = name
        self.choice = choice
        self.scope = scope
        self.registry = registry
    }

    /// ARM ids, and `azureml://registries/{r}/{kind}/{name}/versions/{v}` or `/labels/{l}`.
    private static func path(_ text: String, _ kind: AssetKind) -> AssetReference? {
        let scoped = WorkspaceScope.parse(text)
        var segments = scoped?.rest ?? text.split(separator: "/").map(String.init)
        var registry: String?
        if scoped == nil {
            guard text.hasPrefix("azureml://registries/"), segments.count >= 3 else { return nil }
            registry = segments[2]
            segments.removeFirst(3)
        }
        guard segments.count >= 2, segments[0].lowercased() == kind.rawValue else { return nil }
        guard segments.count >= 4 else {
            return AssetReference(name: segments[1], choice: .label("latest"), scope: scoped?.scope, registry: registry)
        }
        let choice: Choice = segments[2] == "labels" ? .label(segments[3]) : .version(segments[3])
        return AssetReference(name: segments[1], choice: choice, scope: scoped?.scope, registry: registry)
    }

    private static func short(_ text: String) -> AssetReference? {
        guard !text.contains("/"), !text.isEmpty else { return nil }
        if let at = text.lastIndex(of: "@") {
            return AssetReference(name: String(text[..<at]), choice: .label(String(text[text.index(after: at)...])))
        }
        if let colon = text.lastIndex(of: ":") {
            return AssetReference(
                name: String(text[..<colon]), choice: .version(String(text[text.index(after: colon)...])))
        }
        return AssetReference(name: text, choice: .label("latest"))
    }
}

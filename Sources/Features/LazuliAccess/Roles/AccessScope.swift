import LazuliResources

/// Where a role holds: everything, a subscription, a resource group or a workspace, and all that lies below.
public struct AccessScope: Sendable, Hashable {
    /// The id as it was given, `/` for everything.
    public let id: String
    /// The id without regard to case, empty for everything.
    let key: String

    public static let everything = AccessScope("/")

    init(_ id: String) {
        var trimmed = id[...]
        while trimmed.last == "/" { trimmed.removeLast() }
        self.id = trimmed.isEmpty ? "/" : String(trimmed)
        key = trimmed.lowercased()
    }

    /// The scope that the places of a route's path name.
    init(of call: Call) throws {
        if call.parameters["workspace"] != nil {
            self.init(try call.workspaceScope().id)
        } else if let subscription = call.parameters["subscription"] {
            let group = call.parameters["resourceGroup"].map { "/resourceGroups/\($0)" } ?? ""
            self.init("/subscriptions/\(subscription)\(group)")
        } else {
            self = .everything
        }
    }

    /// Reads a scope that a client wrote in a body or a flag.
    /// - Throws: `invalidArgument` when it is none of the four forms.
    public init(parsing text: String) throws {
        let scope = AccessScope(text)
        let parts = scope.key.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let fixed = [
            "subscriptions", nil, "resourcegroups", nil, "providers", WorkspaceScope.provider.lowercased(),
            "workspaces", nil,
        ]
        let fits =
            parts.count <= fixed.count
            && zip(parts, fixed).allSatisfy { part, word in
                word.map { $0 == part } ?? !part.isEmpty
            }
        guard scope.key.isEmpty || fits && [2, 4, 8].contains(parts.count) else {
            throw ServiceError(
                .invalidArgument,
                "\"\(text)\" is no scope. A scope is \"/\", \"/subscriptions/<id>\", "
                    + "\"/subscriptions/<id>/resourceGroups/<name>\" or a workspace id.",
                target: "scope")
        }
        self = scope
    }

    /// Whether what is granted here holds there.
    func covers(_ other: AccessScope) -> Bool {
        key.isEmpty || other.key == key || other.key.hasPrefix(key) && other.key.dropFirst(key.count).first == "/"
    }

    public static func == (left: AccessScope, right: AccessScope) -> Bool { left.key == right.key }
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

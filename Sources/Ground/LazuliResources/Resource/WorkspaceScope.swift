/// The three names that every workspace call carries.
public struct WorkspaceScope: Hashable, Sendable {
    public let subscription: String
    public let resourceGroup: String
    public let workspace: String
    /// The canonical id. Stock clients parse ids by pattern: the letters' case matters here and nowhere else.
    public let id: String
    /// The form under which documents are stored and compared: names of all three levels ignore case.
    public let key: String

    public init(subscription: String, resourceGroup: String, workspace: String) {
        self.subscription = subscription
        self.resourceGroup = resourceGroup
        self.workspace = workspace
        id =
            "/subscriptions/\(subscription)/resourceGroups/\(resourceGroup)/providers/\(Self.provider)/workspaces/"
            + workspace
        key = "\(subscription)/\(resourceGroup)/\(workspace)".lowercased()
    }

    public static func == (left: WorkspaceScope, right: WorkspaceScope) -> Bool { left.id == right.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// The resource provider's namespace, in every workspace id and action name.
    public static let provider = "Microsoft.MachineLearningServices"
}

extension WorkspaceScope {
    /// The scope at the start of an ARM id, and the segments that follow it; nil if the id is no workspace's.
    ///
    /// Accepts any case in the fixed segments, and the SDK's short form without `/providers/…`
    /// (`subscriptions/s/resourcegroups/g/workspaces/w/…`).
    public static func parse(_ id: String) -> (scope: WorkspaceScope, rest: [String])? {
        let parts = id.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        func fixed(_ index: Int, _ word: String) -> Bool {
            index < parts.count && parts[index].lowercased() == word.lowercased()
        }
        guard fixed(0, "subscriptions"), fixed(2, "resourceGroups") else { return nil }
        let start = fixed(4, "providers") && fixed(5, provider) ? 6 : 4
        guard fixed(start, "workspaces"), parts.count > start + 1 else { return nil }
        let scope = WorkspaceScope(subscription: parts[1], resourceGroup: parts[3], workspace: parts[start + 1])
        return (scope, Array(parts[(start + 2)...]))
    }
}

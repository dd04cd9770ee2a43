import LazuliResources

/// One row of the table of kinds: where its resources live, what its files look like, what a list shows.
struct ResourceKind: Sendable {
    enum Home: Sendable {
        /// `{group}/workspaces/{name}`
        case workspaces
        /// `{workspace}/{segment}/{name}`
        case workspace(String)
        /// `{workspace}/{segment}/{name}/versions/{version}`
        case versions(String)
        /// `{workspace}/{parent}/{endpoint}/deployments/{name}`
        case deployments(of: String)
    }

    struct Column: Sendable {
        let title: String
        let path: [String]

        init(_ title: String, _ path: String) {
            self.title = title
            self.path = path.split(separator: ".").map(String.init)
        }
    }

    /// The command group.
    let group: String
    /// What one is called in a sentence.
    let noun: String
    let home: Home
    let fields: Fields
    let columns: [Column]
    /// What the body needs besides the file's keys.
    let finish: @Sendable (JSON) -> JSON
    /// The inverse of `finish`, before an answer is read.
    let start: @Sendable (JSON) -> JSON
    /// Query items of DELETE.
    let deleteQuery: [(String, String)]
    let documentation: String

    init(
        _ group: String, _ noun: String, in home: Home, _ fields: Fields, columns: [Column],
        deleteQuery: [(String, String)] = [], documentation: String,
        finish: @escaping @Sendable (JSON) -> JSON = { $0 },
        start: @escaping @Sendable (JSON) -> JSON = { $0 }
    ) {
        self.group = group
        self.noun = noun
        self.home = home
        self.fields = fields
        self.columns = columns
        self.deleteQuery = deleteQuery
        self.documentation = documentation
        self.finish = finish
        self.start = start
    }

    var isVersioned: Bool { if case .versions = home { true } else { false } }
    var hasParent: Bool { if case .deployments = home { true } else { false } }

    /// An answer in the file's form: its name first, then the keys in the order of the table.
    func show(_ wire: JSON) -> JSON {
        var members = JSONObject()
        let address = Address(id: wire["id"].string, kind: self)
        members["name"] = JSON(address.name ?? wire["name"].string)
        if isVersioned { members["version"] = JSON(address.version) }
        if let parent = address.parent { members["endpoint_name"] = .string(parent) }
        let decoded = fields.decode(start(wire)).object ?? JSONObject()
        for (key, value) in decoded.pairs where !(key == "name" || key == "version") || members[key]?.isNull ?? true {
            members[key] = value
        }
        for key in members.keys where members[key]?.isNull ?? false { members[key] = nil }
        return .object(members)
    }

    /// An item of the list of all names of a versioned kind: it has no version, but knows the latest.
    func showContainer(_ wire: JSON) -> JSON {
        var members = show(wire).object ?? JSONObject()
        members["version"] = nil
        members["name"] = JSON(wire["name"].string)
        return .object(members)
    }
}

/// The names in a resource's id.
struct Address: Equatable {
    var name: String?
    var version: String?
    var parent: String?

    init(id: String?, kind: ResourceKind) {
        guard let id, let (scope, rest) = WorkspaceScope.parse(id) else { return }
        switch kind.home {
        case .workspaces: name = scope.workspace
        case .workspace: name = rest.count > 1 ? rest[1] : nil
        case .versions:
            name = rest.count > 1 ? rest[1] : nil
            version = rest.count > 3 ? rest[3] : nil
        case .deployments:
            parent = rest.count > 1 ? rest[1] : nil
            name = rest.count > 3 ? rest[3] : nil
        }
    }
}

public import LazuliResources

/// A kind of resource that is kept as a document: where it lives, what a valid one is, what it is called.
/// From this value follow its routes, its checks, its action names and its rows in the coverage page.
public struct DocumentKind: Sendable {
    public enum Shape: Sendable {
        /// `/{segment}/{name}`
        case named
        /// `/{segment}/{parent}/{child}/{name}`
        case child(of: String)
        /// `/{segment}/{name}/versions/{version}`
        case versioned
    }

    /// The first part of operation ids: `OnlineEndpoints`.
    public let plural: String
    /// The word for one of them in messages: `online endpoint`.
    public let singular: String
    public let segment: String
    public let shape: Shape
    /// The members beside `properties` that a client may set.
    public let envelope: [Field]
    public let properties: Schema
    public let nameRule: NameRule
    /// Members of `properties` that may change in a version that exists.
    public let mutableMembers: Set<String>
    public let listOrder: DocumentQuery.Order
    /// The status of a PUT that makes a new one; 201 but for the kinds whose clients refuse it.
    public let createdStatus: Int

    public init(
        _ plural: String, singular: String, at segment: String, shape: Shape = .named, envelope: [Field] = [],
        properties: Schema, nameRule: NameRule = .asset, mutableMembers: Set<String> = [],
        listOrder: DocumentQuery.Order = .oldestFirst, createdStatus: Int = 201
    ) {
        self.plural = plural
        self.singular = singular
        self.segment = segment
        self.shape = shape
        self.envelope = envelope
        self.properties = properties
        self.nameRule = nameRule
        self.mutableMembers = mutableMembers
        self.listOrder = listOrder
        self.createdStatus = createdStatus
    }

    /// The kind column of the document table.
    public var tableName: String {
        if case .child(let parent) = shape { "\(parent)/\(segment)" } else { segment }
    }

    /// The resource type without the provider: `workspaces/data/versions`.
    public var typePath: String {
        switch shape {
        case .named: "workspaces/\(segment)"
        case .child(let parent): "workspaces/\(parent)/\(segment)"
        case .versioned: "workspaces/\(segment)/versions"
        }
    }

    public var type: String { "\(WorkspaceScope.provider)/\(typePath)" }

    /// The permission names of the kind: `…/workspaces/data/versions/read`.
    public func action(_ verb: String) -> String { "\(type)/\(verb)" }

    /// The whole body: the envelope, the properties, and what the server says of itself.
    var bodySchema: Schema {
        .object(
            envelope + [.required("properties", properties)] + .readOnly("id", "name", "type", "systemData", "etag"))
    }

    /// The path of the collection's items below the workspace.
    public var collectionPath: String {
        if case .child(let parent) = shape {
            "\(Route.workspacePath)/\(parent)/{parent}/\(segment)"
        } else {
            "\(Route.workspacePath)/\(segment)"
        }
    }

    /// The key of the document that a call names.
    public func key(for call: Call) throws -> DocumentKey {
        let name = try call.parameter("name")
        if case .versioned = shape {
            return DocumentKey(
                kind: tableName, scope: try scope(for: call), name: name, version: try call.parameter("version"))
        }
        return DocumentKey(kind: tableName, scope: try scope(for: call), name: name)
    }

    /// The scope that a call's collection lives in.
    public func scope(for call: Call) throws -> String {
        let workspace = try call.workspaceScope().key
        if case .child(let parent) = shape {
            return try "\(workspace)/\(parent.lowercased())/\(call.parameter("parent"))"
        }
        return workspace
    }

    /// The ARM id of a document, under the workspace id in its canonical spelling.
    public func id(_ key: DocumentKey, in workspace: WorkspaceScope) -> String {
        switch shape {
        case .named: "\(workspace.id)/\(segment)/\(key.name)"
        case .child(let parent):
            "\(workspace.id)/\(parent)/\(key.scope.split(separator: "/").last ?? "")/\(segment)/\(key.name)"
        case .versioned: "\(workspace.id)/\(segment)/\(key.name)/versions/\(key.version)"
        }
    }
}

/// Which names a kind takes.
public struct NameRule: Sendable {
    let longest: Int
    let shortest: Int
    let mustStartWithLetter: Bool
    let extra: Set<Character>
    let sentence: String

    public static let asset = NameRule(
        longest: 255, shortest: 1, mustStartWithLetter: false, extra: ["-", "_", "."],
        sentence: "1 to 255 letters, digits, '-', '_' and '.', beginning with a letter, digit or '_'")
    public static let endpoint = NameRule(
        longest: 32, shortest: 3, mustStartWithLetter: true, extra: ["-"],
        sentence: "3 to 32 letters, digits and '-', beginning with a letter")
    public static let compute = NameRule(
        longest: 32, shortest: 2, mustStartWithLetter: true, extra: ["-"],
        sentence: "2 to 32 letters, digits and '-', beginning with a letter")

    /// - Throws: `invalidArgument` that says the rule.
    public func check(_ name: String, of what: String) throws {
        let first = name.first
        let startsWell = mustStartWithLetter ? first.map(\.isASCIILetter) ?? false : first != "." && first != "-"
        let isFine =
            (shortest...longest).contains(name.count) && startsWell
            && name.allSatisfy { $0.isASCIILetter || ($0.isASCII && $0.isNumber) || extra.contains($0) }
        guard isFine else {
            throw ServiceError(
                .invalidArgument, "\"\(name)\" cannot be the name of \(what): a name is \(sentence).", target: "name")
        }
    }
}

extension Character {
    fileprivate var isASCIILetter: Bool { isASCII && isLetter }
}

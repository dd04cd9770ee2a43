/// A key with a text: a tag or a param.
public struct Entry: Sendable, Equatable {
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// Which lifecycle stages a search looks at.
public enum ViewType: Sendable {
    case activeOnly, deletedOnly, all
}

/// A named set of runs.
public struct Experiment: Sendable, Equatable {
    /// What clients call the experiment id; 0 is the experiment "Default" that every workspace has.
    public let number: Int64
    public let name: String
    public let artifactLocation: String
    public let isDeleted: Bool
    /// Milliseconds since 1970.
    public let createdAt: Int64
    public let updatedAt: Int64
    public let tags: [Entry]

    public var id: String { String(number) }
}

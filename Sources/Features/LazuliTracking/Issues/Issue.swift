/// Something that goes wrong in an experiment's traces.
public struct Issue: Sendable, Equatable {
    public enum Status: String, Sendable, CaseIterable { case pending, rejected, resolved }

    public enum Severity: String, Sendable, CaseIterable {
        case none = "not_an_issue"
        case low, medium, high
    }

    public var issueID: String
    public var experimentID: String
    public var name: String
    public var description: String
    public var status: Status
    public var severity: Severity?
    public var rootCauses: [String]
    public var categories: [String]
    /// The run that found it.
    public var sourceRunID: String?
    public var createdBy: String?
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    /// How many traces have an assessment that names the issue.
    public var traceCount: Int64

    public init(
        issueID: String = "", experimentID: String, name: String, description: String, status: Status = .pending,
        severity: Severity? = nil, rootCauses: [String] = [], categories: [String] = [], sourceRunID: String? = nil,
        createdBy: String? = nil, createdAt: Int64 = 0, updatedAt: Int64 = 0, traceCount: Int64 = 0
    ) {
        self.issueID = issueID
        self.experimentID = experimentID
        self.name = name
        self.description = description
        self.status = status
        self.severity = severity
        self.rootCauses = rootCauses
        self.categories = categories
        self.sourceRunID = sourceRunID
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.traceCount = traceCount
    }
}

/// What an update of an issue changes; nil leaves a part as it is.
public struct IssueChange: Sendable {
    public let name: String?
    public let description: String?
    public let status: Issue.Status?
    public let severity: Issue.Severity?

    public init(name: String?, description: String?, status: Issue.Status?, severity: Issue.Severity?) {
        self.name = name
        self.description = description
        self.status = status
        self.severity = severity
    }
}

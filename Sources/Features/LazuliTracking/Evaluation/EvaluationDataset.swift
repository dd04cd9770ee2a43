public import LazuliResources

/// A named set of inputs with what is expected of them.
public struct EvaluationDataset: Sendable, Equatable {
    public var datasetID: String
    public var name: String
    /// Changes with the records.
    public var digest: String
    /// The types of the fields that the records have; nil before the first record.
    public var schema: JSON?
    public var recordCount: Int64
    public var createdBy: String?
    public var updatedBy: String?
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    public var tags: [Entry]
    /// Ids of the experiments that use it.
    public var experimentIDs: [String]
}

/// One input with what is expected of it.
public struct EvaluationRecord: Sendable, Equatable {
    public let recordID: String
    public let inputs: JSON
    public let outputs: JSON?
    public let expectations: JSON?
    public let tags: JSON?
    public let source: JSON?
    public let createdBy: String?
    public let updatedBy: String?
    /// Milliseconds since 1970.
    public let createdAt: Int64
    public let updatedAt: Int64
}

/// What a client says of a record.
public struct EvaluationDraft: Sendable {
    public let inputs: JSON
    public let outputs: JSON?
    public let expectations: JSON?
    public let tags: JSON?
    public let source: JSON?

    public init(inputs: JSON, outputs: JSON?, expectations: JSON?, tags: JSON?, source: JSON?) {
        self.inputs = inputs
        self.outputs = outputs
        self.expectations = expectations
        self.tags = tags
        self.source = source
    }

    /// Who sends it, by the tag that clients set.
    var user: String? { tags?[EvaluationKey.user].string }
}

enum EvaluationKey {
    static let user = "mlflow.user"
}

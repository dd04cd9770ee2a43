/// A dataset, named and fingerprinted by the client.
public struct Dataset: Sendable, Equatable {
    public var name: String
    public var digest: String
    public var sourceType: String
    public var source: String
    public var schema: String?
    public var profile: String?

    public init(
        name: String, digest: String, sourceType: String, source: String, schema: String?, profile: String?
    ) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
    }
}

/// A dataset that a run read, with tags such as its context (`mlflow.data.context` = training).
public struct DatasetInput: Sendable, Equatable {
    public var dataset: Dataset
    public var tags: [Entry]

    public init(dataset: Dataset, tags: [Entry]) {
        self.dataset = dataset
        self.tags = tags
    }
}

/// One dataset of an experiment in one context, for lists.
public struct DatasetSummary: Sendable, Equatable {
    public let experiment: Int64
    public let name: String
    public let digest: String
    public let context: String?
}

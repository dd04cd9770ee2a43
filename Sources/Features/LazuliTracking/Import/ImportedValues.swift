/// An experiment as another MLflow store knows it.
public struct ImportedExperiment: Sendable {
    /// Its id there; kept here if it is a whole number that is free.
    public var id: String
    public var name: String
    /// Where its artifacts stay; nil for the workspace's own storage.
    public var artifactLocation: String?
    public var isDeleted: Bool
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    public var tags: [Entry]

    public init(
        id: String, name: String, artifactLocation: String?, isDeleted: Bool, createdAt: Int64, updatedAt: Int64,
        tags: [Entry]
    ) {
        self.id = id
        self.name = name
        self.artifactLocation = artifactLocation
        self.isDeleted = isDeleted
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.tags = tags
    }
}

/// A run of another store with all that was logged to it, or a further piece of its metrics.
public struct ImportedRun: Sendable {
    /// With the experiment's id of this workspace.
    public var info: RunInfo
    /// Where its artifacts stay; nil for the workspace's own storage.
    public var artifactURI: String?
    /// Milliseconds since 1970.
    public var deletedAt: Int64?
    public var params: [Entry]
    public var tags: [Entry]
    public var metrics: [Metric]
    public var datasets: [DatasetInput]
    public var modelInputs: [String]
    public var modelOutputs: [ModelOutput]

    public init(
        info: RunInfo, artifactURI: String?, deletedAt: Int64?, params: [Entry], tags: [Entry], metrics: [Metric],
        datasets: [DatasetInput], modelInputs: [String], modelOutputs: [ModelOutput]
    ) {
        self.info = info
        self.artifactURI = artifactURI
        self.deletedAt = deletedAt
        self.params = params
        self.tags = tags
        self.metrics = metrics
        self.datasets = datasets
        self.modelInputs = modelInputs
        self.modelOutputs = modelOutputs
    }
}

/// A logged model of another store; its metrics name run and dataset.
public struct ImportedLoggedModel: Sendable {
    /// With the experiment's id of this workspace; its metrics are the ones below.
    public var model: LoggedModel
    /// Where its files stay; nil for the workspace's own storage.
    public var artifactURI: String?
    public var metrics: [Metric]

    public init(model: LoggedModel, artifactURI: String?, metrics: [Metric]) {
        self.model = model
        self.artifactURI = artifactURI
        self.metrics = metrics
    }
}

/// A registered model of another store with its versions, oldest first.
public struct ImportedRegisteredModel: Sendable {
    public struct Version: Sendable {
        public var version: Int64
        public var createdAt: Int64
        public var updatedAt: Int64
        /// A name of `ModelStage`.
        public var stage: String
        public var draft: RegistryService.VersionDraft

        public init(
            version: Int64, createdAt: Int64, updatedAt: Int64, stage: String, draft: RegistryService.VersionDraft
        ) {
            self.version = version
            self.createdAt = createdAt
            self.updatedAt = updatedAt
            self.stage = stage
            self.draft = draft
        }
    }

    public var name: String
    public var description: String?
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    public var tags: [Entry]
    public var aliases: [(alias: String, version: Int64)]
    public var versions: [Version]

    public init(
        name: String, description: String?, createdAt: Int64, updatedAt: Int64, tags: [Entry],
        aliases: [(alias: String, version: Int64)], versions: [Version]
    ) {
        self.name = name
        self.description = description
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.tags = tags
        self.aliases = aliases
        self.versions = versions
    }
}

/// What became of one thing that was to be imported.
public struct ImportOutcome: Sendable, Equatable {
    public enum State: String, Sendable {
        case created
        /// It was there already and was left as it is.
        case present
        /// Something else has its id; it was not imported.
        case clash
        case failed
    }

    /// The id in the other store.
    public var id: String
    public var state: State
    /// What people should know of it.
    public var message: String?
    /// Of an experiment: its id in this workspace.
    public var experiment: Int64?

    public init(_ id: String, _ state: State, _ message: String? = nil, experiment: Int64? = nil) {
        self.id = id
        self.state = state
        self.message = message
        self.experiment = experiment
    }
}

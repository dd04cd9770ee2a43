/// What a run is, without what was logged to it.
public struct RunInfo: Sendable, Equatable {
    public var runID: String
    /// The experiment's id.
    public var experiment: Int64
    public var name: String
    public var user: String
    /// SCHEDULED, RUNNING, FINISHED, FAILED or KILLED.
    public var status: String
    public var isDeleted: Bool
    /// Milliseconds since 1970; nil for a run that waits.
    public var startTime: Int64?
    public var endTime: Int64?
    public var artifactURI: String

    public init(
        runID: String, experiment: Int64, name: String, user: String, status: String, isDeleted: Bool,
        startTime: Int64?, endTime: Int64?, artifactURI: String
    ) {
        self.runID = runID
        self.experiment = experiment
        self.name = name
        self.user = user
        self.status = status
        self.isDeleted = isDeleted
        self.startTime = startTime
        self.endTime = endTime
        self.artifactURI = artifactURI
    }
}

/// The last value of one metric.
public struct LatestMetric: Sendable, Equatable {
    public let key: String
    public let point: MetricPoint
}

/// What was logged to a run.
public struct RunData: Sendable, Equatable {
    public var metrics: [LatestMetric] = []
    public var params: [Entry] = []
    public var tags: [Entry] = []
    public var datasets: [DatasetInput] = []
    public var modelInputs: [String] = []
    public var modelOutputs: [ModelOutput] = []
}

/// A run with the latest value of each metric, its params, tags, inputs and outputs.
public struct Run: Sendable, Equatable {
    public let info: RunInfo
    public let data: RunData
}

/// A logged model that a run made.
public struct ModelOutput: Sendable, Equatable {
    public let modelID: String
    public let step: Int64

    public init(modelID: String, step: Int64) {
        self.modelID = modelID
        self.step = step
    }
}

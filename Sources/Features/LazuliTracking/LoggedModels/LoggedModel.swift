/// How far a logged model has come, by MLflow's numbers.
public enum LoggedModelStatus: Int64, Sendable, CaseIterable {
    case unspecified = 0, pending = 1, ready = 2, failed = 3

    /// The name on the wire.
    public var wireName: String {
        switch self {
        case .unspecified: "LOGGED_MODEL_STATUS_UNSPECIFIED"
        case .pending: "LOGGED_MODEL_PENDING"
        case .ready: "LOGGED_MODEL_READY"
        case .failed: "LOGGED_MODEL_UPLOAD_FAILED"
        }
    }
}

/// A metric of a logged model: which run measured it, and on which dataset.
public struct LoggedModelMetric: Sendable, Equatable {
    public let key: String
    public let point: MetricPoint
    public let runID: String
    public let datasetName: String?
    public let datasetDigest: String?
}

/// A model that a run logged: files of its own, params, tags and metrics (MLflow 3).
public struct LoggedModel: Sendable, Equatable {
    /// `m-` and 32 hexadecimal digits.
    public var modelID: String
    public var experiment: Int64
    public var name: String
    public var status: LoggedModelStatus
    public var statusMessage: String?
    public var modelType: String?
    public var sourceRunID: String?
    public var artifactURI: String
    public var isDeleted: Bool
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64
    public var params: [Entry] = []
    public var tags: [Entry] = []
    public var metrics: [LoggedModelMetric] = []

    public init(
        modelID: String, experiment: Int64, name: String, status: LoggedModelStatus, statusMessage: String? = nil,
        modelType: String?, sourceRunID: String?, artifactURI: String, isDeleted: Bool, createdAt: Int64,
        updatedAt: Int64, params: [Entry] = [], tags: [Entry] = []
    ) {
        self.modelID = modelID
        self.experiment = experiment
        self.name = name
        self.status = status
        self.statusMessage = statusMessage
        self.modelType = modelType
        self.sourceRunID = sourceRunID
        self.artifactURI = artifactURI
        self.isDeleted = isDeleted
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.params = params
        self.tags = tags
    }
}

/// A param or a tag.
public struct StoredEntry: Sendable, Equatable {
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// An experiment as an MLflow store holds it. Times here and below are milliseconds since 1970.
public struct StoredExperiment: Sendable, Equatable {
    public var id: String
    public var name: String
    public var artifactLocation: String
    public var isDeleted = false
    public var createdAt: Int64 = 0
    public var updatedAt: Int64 = 0
    public var tags: [StoredEntry] = []

    public init(id: String, name: String, artifactLocation: String) {
        self.id = id
        self.name = name
        self.artifactLocation = artifactLocation
    }
}

/// The whole history of one metric of a run: three lists of one length.
public struct StoredSeries: Sendable, Equatable {
    public var key: String
    public var values: [Double] = []
    public var timestamps: [Int64] = []
    public var steps: [Int64] = []

    public init(key: String) { self.key = key }

    public mutating func append(value: Double, timestamp: Int64, step: Int64) {
        values.append(value)
        timestamps.append(timestamp)
        steps.append(step)
    }
}

/// A dataset that a run read.
public struct StoredDataset: Sendable, Equatable {
    public var name: String
    public var digest: String
    public var sourceType: String
    public var source: String
    public var schema: String?
    public var profile: String?
    /// Of the run's reading, such as its context.
    public var tags: [StoredEntry] = []

    public init(
        name: String, digest: String, sourceType: String, source: String, schema: String? = nil,
        profile: String? = nil, tags: [StoredEntry] = []
    ) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
        self.tags = tags
    }
}

/// Where the files of a run or a model are.
public enum ArtifactOrigin: Sendable, Equatable {
    /// A folder of this machine, which need not exist if nothing was ever stored.
    case folder(String)
    /// At the server that is read, under this `mlflow-artifacts:` address.
    case served(String)
    /// In a storage of its own (S3, Azure, …), which clients reach by themselves.
    case elsewhere(String)
}

/// A run with all that was logged to it.
public struct StoredRun: Sendable, Equatable {
    public var id: String
    public var experimentID: String
    public var name = ""
    public var user = ""
    /// SCHEDULED, RUNNING, FINISHED, FAILED or KILLED.
    public var status = "RUNNING"
    public var isDeleted = false
    public var startTime: Int64?
    public var endTime: Int64?
    public var deletedAt: Int64?
    public var artifactURI = ""
    public var artifacts: ArtifactOrigin
    public var params: [StoredEntry] = []
    public var tags: [StoredEntry] = []
    public var metrics: [StoredSeries] = []
    public var datasets: [StoredDataset] = []
    public var modelInputs: [String] = []
    public var modelOutputs: [(id: String, step: Int64)] = []

    public init(id: String, experimentID: String, artifacts: ArtifactOrigin) {
        self.id = id
        self.experimentID = experimentID
        self.artifacts = artifacts
    }

    public static func == (left: StoredRun, right: StoredRun) -> Bool {
        (left.id, left.experimentID, left.name, left.user, left.status) == (
            right.id, right.experimentID, right.name, right.user, right.status
        ) && (left.isDeleted, left.startTime, left.endTime) == (right.isDeleted, right.startTime, right.endTime)
            && (left.params, left.tags, left.metrics, left.datasets) == (
                right.params, right.tags, right.metrics, right.datasets
            ) && left.modelInputs == right.modelInputs
            && left.modelOutputs.map(\.id) == right.modelOutputs.map(\.id)
    }
}

/// A metric point of a logged model.
public struct StoredModelMetric: Sendable, Equatable {
    public var key: String
    public var value: Double
    public var timestamp: Int64
    public var step: Int64
    public var runID: String
    public var datasetName: String?
    public var datasetDigest: String?

    public init(
        key: String, value: Double, timestamp: Int64, step: Int64, runID: String, datasetName: String? = nil,
        datasetDigest: String? = nil
    ) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.step = step
        self.runID = runID
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
    }
}

/// A logged model (MLflow 3).
public struct StoredModel: Sendable, Equatable {
    public var id: String
    public var experimentID: String
    public var name: String
    /// By MLflow's number: 1 pending, 2 ready, 3 failed.
    public var status: Int64 = 0
    public var statusMessage: String?
    public var modelType: String?
    public var sourceRunID: String?
    public var isDeleted = false
    public var createdAt: Int64 = 0
    public var updatedAt: Int64 = 0
    public var artifactURI = ""
    public var artifacts: ArtifactOrigin
    public var params: [StoredEntry] = []
    public var tags: [StoredEntry] = []
    public var metrics: [StoredModelMetric] = []

    public init(id: String, experimentID: String, name: String, artifacts: ArtifactOrigin) {
        self.id = id
        self.experimentID = experimentID
        self.name = name
        self.artifacts = artifacts
    }
}

/// A version of a registered model.
public struct StoredVersion: Sendable, Equatable {
    public var version: Int64
    public var createdAt: Int64 = 0
    public var updatedAt: Int64 = 0
    public var description: String?
    public var user: String?
    public var stage = "None"
    public var source = ""
    /// Where the files really are, if the store tells.
    public var storageLocation: String?
    public var runID: String?
    public var runLink: String?
    public var modelID: String?
    public var tags: [StoredEntry] = []

    public init(version: Int64) { self.version = version }
}

/// A registered model with its versions, oldest first.
public struct StoredRegisteredModel: Sendable, Equatable {
    public var name: String
    public var description: String?
    public var createdAt: Int64 = 0
    public var updatedAt: Int64 = 0
    public var tags: [StoredEntry] = []
    public var aliases: [StoredAlias] = []
    public var versions: [StoredVersion] = []

    public init(name: String) { self.name = name }
}

/// Another name for a version.
public struct StoredAlias: Sendable, Equatable {
    public var alias: String
    public var version: Int64

    public init(_ alias: String, _ version: Int64) {
        self.alias = alias
        self.version = version
    }
}

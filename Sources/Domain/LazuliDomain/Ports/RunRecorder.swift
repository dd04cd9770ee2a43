public import GRDB
public import LazuliResources

/// What a job tells the tracking store when it is submitted: a job is its MLflow run.
public struct NewRun: Sendable {
    /// The job's name, which is the run's id.
    public var runID: String
    public var experimentName: String
    public var displayName: String
    public var tags: [String: String]
    public var parentRunID: String?
    public var user: String
    /// Milliseconds since 1970.
    public var createdAt: Int64

    public init(
        runID: String, experimentName: String, displayName: String, tags: [String: String], parentRunID: String?,
        user: String, createdAt: Int64
    ) {
        self.runID = runID
        self.experimentName = experimentName
        self.displayName = displayName
        self.tags = tags
        self.parentRunID = parentRunID
        self.user = user
        self.createdAt = createdAt
    }
}

/// How a run stands, in MLflow's words.
public enum RunStatus: String, Sendable {
    case scheduled = "SCHEDULED", running = "RUNNING", finished = "FINISHED", failed = "FAILED", killed = "KILLED"
}

/// The tracking store as jobs see it. All calls run inside the caller's transaction, so that a job and its run are one.
public protocol RunRecorder: Sendable {
    /// Makes the run, and the experiment on first use.
    /// - Returns: the experiment's id.
    func create(_ run: NewRun, in scope: WorkspaceScope, _ database: Database) throws -> String

    /// - Parameter at: milliseconds since 1970: the start for `.running`, the end for the final states.
    func set(_ status: RunStatus, ofRun runID: String, at: Int64, in scope: WorkspaceScope, _ database: Database) throws

    func setTags(_ tags: [String: String], ofRun runID: String, in scope: WorkspaceScope, _ database: Database) throws

    /// Adds measured values and params. A param that is there already keeps its value.
    /// - Parameter at: the time of the values, in milliseconds since 1970.
    func log(
        _ metrics: [RunMetric], params: [String: String], toRun runID: String, at: Int64, in scope: WorkspaceScope,
        _ database: Database) throws
}

/// A measured value of a run.
public struct RunMetric: Sendable, Equatable {
    public var key: String
    public var value: Double
    public var step: Int64

    public init(key: String, value: Double, step: Int64 = 0) {
        self.key = key
        self.value = value
        self.step = step
    }
}

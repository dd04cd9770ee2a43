public import GRDB
public import LazuliResources

/// Where a kind writes down what happens inside a running job. All calls are part of the caller's transaction.
public protocol JobLedger: Sendable {
    /// Writes down a part of a running job's work as a running job and run of its own.
    /// - Returns: false for a part that was written down before; nothing is changed then.
    @discardableResult
    func begin(_ part: JobPart, of job: RunningJob, at: Int64, _ database: Database) throws -> Bool

    /// Ends a part.
    /// - Returns: false for a part that is unknown or ended before; nothing is changed then.
    @discardableResult
    func end(_ part: JobPartEnd, of job: RunningJob, at: Int64, _ database: Database) throws -> Bool

    /// The parts of a job that have not ended.
    func openParts(of job: RunningJob, _ database: Database) throws -> [String]

    /// Adds to a job's or a part's properties and tags.
    func describe(
        _ name: String, of job: RunningJob, properties: [String: String], tags: [String: String], at: Int64,
        _ database: Database) throws

    /// Says how far a running job is: a sentence, and facts shown as `lazuli.<name>`.
    func tell(_ sentence: String, facts: [(String, JSON)], of job: RunningJob, _ database: Database) throws
}

/// A part of a job's work that clients see as a job below it, such as a trial.
public struct JobPart: Sendable {
    public var name: String
    public var displayName: String
    /// What is shown as the part's command.
    public var command: String
    public var properties: [String: String]
    public var tags: [String: String]

    public init(
        name: String, displayName: String, command: String, properties: [String: String], tags: [String: String]
    ) {
        self.name = name
        self.displayName = displayName
        self.command = command
        self.properties = properties
        self.tags = tags
    }
}

/// How a part of a job ended.
public struct JobPartEnd: Sendable {
    public var name: String
    /// A final status.
    public var status: JobStatus
    /// Why, for a part that failed or was cancelled.
    public var reason: String
    public var properties: [String: String]

    public init(name: String, status: JobStatus, reason: String = "", properties: [String: String] = [:]) {
        self.name = name
        self.status = status
        self.reason = reason
        self.properties = properties
    }
}

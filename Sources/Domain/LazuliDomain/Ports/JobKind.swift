public import Foundation
public import LazuliResources

/// A kind of job that its own feature knows how to run. The jobs feature gets a list of kinds; it queues, places, limits,
/// supervises, logs, cancels and ends the jobs of each alike.
public protocol JobKind: Sendable {
    /// The word of `jobType`.
    var type: String { get }
    /// The members of its properties beside those of every job.
    var members: [Field] { get }

    /// What a submitted job is to be stored as: checked, and its defaults filled in.
    /// - Throws: `invalidArgument` for what cannot be run; the job is not stored then.
    func complete(_ properties: JSON, name: String, in scope: WorkspaceScope) async throws -> JobSubmissionFinding

    /// The data that the program reads, by name.
    func inputs(of properties: JSON) -> [(name: String, input: JobData)]

    /// What to run, once the job has its node and its data is there.
    func program(for job: RunningJob, on node: JobNode) async throws -> JobProgram

    /// Writes down what the program tells while it runs; returns when the task is cancelled. It may be called again for
    /// the same program after a restart of the server.
    func follow(_ job: RunningJob, _ ledger: any JobLedger) async

    /// Writes down the rest when the program has ended, and puts its results where they belong. It may be called again.
    func conclude(
        _ job: RunningJob, _ ledger: any JobLedger, as end: JobStatus
    ) async throws -> JobConclusion
}

/// What the check of a submitted job found.
public struct JobSubmissionFinding: Sendable {
    /// The job's properties as they are to be stored.
    public var properties: JSON
    /// What was asked for and has no effect here, a sentence each.
    public var notices: [String]

    public init(properties: JSON, notices: [String] = []) {
        self.properties = properties
        self.notices = notices
    }
}

/// Data that a job reads.
public struct JobData: Sendable {
    /// `mltable`, `uri_file`, `uri_folder`, `mlflow_model`…
    public var type: String
    public var uri: String
    /// How it is to be delivered, in the wire's words; nil for the usual way.
    public var mode: String?
    /// The place of its address in the body, for messages.
    public var path: String

    public init(type: String, uri: String, mode: String?, path: String) {
        self.type = type
        self.uri = uri
        self.mode = mode
        self.path = path
    }
}

/// A job whose program runs, ran, or is about to.
public struct RunningJob: Sendable {
    public var name: String
    public var scope: WorkspaceScope
    public var submittedBy: Caller
    public var properties: JSON
    /// The working directory; it goes when the job has ended.
    public var folder: URL
    /// The run's artifacts, which stay.
    public var artifacts: URL

    public init(
        name: String, scope: WorkspaceScope, submittedBy: Caller, properties: JSON, folder: URL, artifacts: URL
    ) {
        self.name = name
        self.scope = scope
        self.submittedBy = submittedBy
        self.properties = properties
        self.folder = folder
        self.artifacts = artifacts
    }
}

/// Where a job's program is to run.
public struct JobNode: Sendable {
    /// The places of the job's data, by the names that the kind gave.
    public var inputs: [String: URL]
    /// The cores of the node's size; nil leaves the whole machine.
    public var cores: Int?
    public var memoryBytes: Int64?

    public init(inputs: [String: URL], cores: Int?, memoryBytes: Int64?) {
        self.inputs = inputs
        self.cores = cores
        self.memoryBytes = memoryBytes
    }
}

/// The process of a job.
public struct JobProgram: Sendable {
    public var arguments: [String]
    public var environment: [String: String]
    /// Seconds after which it is ended; nil for none.
    public var timeout: Double?
    /// Sentences for the head of the log.
    public var notices: [String]

    public init(
        arguments: [String], environment: [String: String], timeout: Double?, notices: [String] = []
    ) {
        self.arguments = arguments
        self.environment = environment
        self.timeout = timeout
        self.notices = notices
    }
}

/// What a kind says of the end of a job.
public struct JobConclusion: Sendable {
    /// A sentence on how it went, in place of what can be read from exit code and log; nil where the kind knows no more.
    public var sentence: String?

    public init(sentence: String? = nil) { self.sentence = sentence }
}

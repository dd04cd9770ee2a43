/// How a traced operation ended.
public enum TraceState: String, Sendable, CaseIterable {
    case unspecified = "STATE_UNSPECIFIED"
    case ok = "OK"
    case error = "ERROR"
    case inProgress = "IN_PROGRESS"

    /// Whether the end of the operation is still unknown.
    var isOpen: Bool { self == .unspecified || self == .inProgress }
}

/// What a trace is, without its spans.
public struct TraceInfo: Sendable, Equatable {
    public var traceID: String
    /// The experiment's id.
    public var experimentID: String
    /// The id that the traced application gave the request.
    public var clientRequestID: String?
    /// Milliseconds since 1970.
    public var requestTime: Int64
    /// Milliseconds; nil while it is not known.
    public var duration: Int64?
    public var state: TraceState
    public var requestPreview: String?
    public var responsePreview: String?
    /// What was said of the trace when it was made.
    public var metadata: [Entry]
    /// What may change later.
    public var tags: [Entry]
    public var assessments: [Assessment]

    public init(
        traceID: String, experimentID: String, clientRequestID: String? = nil, requestTime: Int64,
        duration: Int64? = nil, state: TraceState, requestPreview: String? = nil, responsePreview: String? = nil,
        metadata: [Entry] = [], tags: [Entry] = [], assessments: [Assessment] = []
    ) {
        self.traceID = traceID
        self.experimentID = experimentID
        self.clientRequestID = clientRequestID
        self.requestTime = requestTime
        self.duration = duration
        self.state = state
        self.requestPreview = requestPreview
        self.responsePreview = responsePreview
        self.metadata = metadata
        self.tags = tags
        self.assessments = assessments
    }
}

/// A trace with its spans.
public struct Trace: Sendable, Equatable {
    public let info: TraceInfo
    /// Roots first, then by start.
    public let spans: [Span]
}

/// Tags and metadata that MLflow's clients read and write by these names.
public enum TraceKey {
    static let name = "mlflow.traceName"
    static let artifactLocation = "mlflow.artifactLocation"
    /// Says where a trace's spans are; absent means among its artifacts.
    static let spansLocation = "mlflow.trace.spansLocation"
    /// The value of `spansLocation` for spans in the database.
    static let trackingStore = "TRACKING_STORE"
    static let linkedPrompts = "mlflow.linkedPrompts"
    static let sourceRun = "mlflow.sourceRun"
    static let session = "mlflow.trace.session"
    static let user = "mlflow.trace.user"
    static let tokenUsage = "mlflow.trace.tokenUsage"
    static let cost = "mlflow.trace.cost"
    /// JSON with the number of spans that the client has sent or is about to send.
    static let sizeStatistics = "mlflow.trace.sizeStats"

    /// Tags that the server keeps by itself.
    static let kept: Set<String> = [
        spansLocation, "mlflow.trace.archiveLocation", "mlflow.trace.archivalFailure",
    ]
}

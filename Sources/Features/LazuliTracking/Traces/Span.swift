/// One operation inside of a trace, as OpenTelemetry describes it.
///
/// Source: opentelemetry-proto, `opentelemetry/proto/trace/v1/trace.proto`, message `Span`.
public struct Span: Sendable, Equatable {
    /// 32 hexadecimal digits.
    public var traceID: String
    /// 16 hexadecimal digits.
    public var spanID: String
    /// Nil for a root.
    public var parentID: String?
    public var name: String
    public var kind: Int64
    /// Nanoseconds since 1970.
    public var startTime: Int64
    /// Nil while the operation runs.
    public var endTime: Int64?
    public var attributes: [SpanAttribute]
    public var events: [SpanEvent]
    public var links: [SpanLink]
    public var status: SpanStatus

    public init(
        traceID: String, spanID: String, parentID: String? = nil, name: String, kind: Int64 = 0, startTime: Int64,
        endTime: Int64? = nil, attributes: [SpanAttribute] = [], events: [SpanEvent] = [], links: [SpanLink] = [],
        status: SpanStatus = SpanStatus(code: .unset, message: nil)
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.startTime = startTime
        self.endTime = endTime
        self.attributes = attributes
        self.events = events
        self.links = links
        self.status = status
    }

    public subscript(attribute key: String) -> SpanValue? { attributes.first { $0.key == key }?.value }

    /// The id by which MLflow's clients know the trace.
    var mlflowTraceID: String { Self.mlflowTraceID(traceID) }

    static func mlflowTraceID(_ hex: String) -> String { "tr-" + hex }
}

/// A named value.
public struct SpanAttribute: Sendable, Equatable {
    public let key: String
    public let value: SpanValue

    public init(_ key: String, _ value: SpanValue) {
        self.key = key
        self.value = value
    }
}

/// What an attribute may hold: OpenTelemetry's `AnyValue`.
public indirect enum SpanValue: Sendable, Equatable {
    case none
    case text(String)
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case bytes([UInt8])
    case list([SpanValue])
    case entries([SpanAttribute])
}

/// Something that happened at one moment of a span.
public struct SpanEvent: Sendable, Equatable {
    public let name: String
    /// Nanoseconds since 1970.
    public let time: Int64
    public let attributes: [SpanAttribute]

    public init(name: String, time: Int64, attributes: [SpanAttribute]) {
        self.name = name
        self.time = time
        self.attributes = attributes
    }
}

/// A reference to another span.
public struct SpanLink: Sendable, Equatable {
    public let traceID: String
    public let spanID: String
    public let attributes: [SpanAttribute]

    public init(traceID: String, spanID: String, attributes: [SpanAttribute]) {
        self.traceID = traceID
        self.spanID = spanID
        self.attributes = attributes
    }
}

/// How a span ended.
public struct SpanStatus: Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        case unset = "UNSET"
        case ok = "OK"
        case error = "ERROR"

        /// The name of protobuf's enumeration.
        var wireName: String { "STATUS_CODE_" + rawValue }
    }

    public let code: Code
    public let message: String?

    public init(code: Code, message: String?) {
        self.code = code
        self.message = message
    }
}

/// Attributes that MLflow's clients set on spans.
enum SpanKey {
    static let traceID = "mlflow.traceRequestId"
    static let type = "mlflow.spanType"
    static let inputs = "mlflow.spanInputs"
    static let outputs = "mlflow.spanOutputs"
    static let tokenUsage = "mlflow.chat.tokenUsage"
    static let cost = "mlflow.llm.cost"
    static let model = "mlflow.llm.model"
    static let provider = "mlflow.llm.provider"
    /// Before the key of a tag that is meant for the trace.
    static let tagPrefix = "mlflow.traceTag."
    /// OpenTelemetry's semantic conventions.
    static let session = ["session.id", "gen_ai.conversation.id"]
    static let user = "user.id"
    /// The type of spans that do not say theirs.
    static let unknownType = "UNKNOWN"
}

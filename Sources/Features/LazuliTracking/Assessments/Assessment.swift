public import LazuliResources

/// A judgement on a trace: how good it was, or what it should have been.
public struct Assessment: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        /// How good something was; `error` says why there is no value.
        case feedback(JSON, error: JSON?)
        /// What something should have been.
        case expectation(JSON)
        /// The name of an issue that was found.
        case issue(String)
    }

    /// Who judged.
    public struct Source: Sendable, Equatable {
        /// HUMAN, LLM_JUDGE, CODE or SOURCE_TYPE_UNSPECIFIED.
        public let type: String
        public let id: String?

        public init(type: String, id: String?) {
            self.type = type
            self.id = id
        }
    }

    public var assessmentID: String
    public var traceID: String
    public var name: String
    public var value: Value
    public var source: Source
    /// The span that is meant, when it is not the whole trace.
    public var spanID: String?
    public var rationale: String?
    public var metadata: [Entry]
    /// The assessment that this one stands instead of.
    public var overrides: String?
    /// False once another one stands instead of it.
    public var isValid: Bool
    /// Milliseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64

    public init(
        assessmentID: String = "", traceID: String, name: String, value: Value, source: Source, spanID: String? = nil,
        rationale: String? = nil, metadata: [Entry] = [], overrides: String? = nil, isValid: Bool = true,
        createdAt: Int64 = 0, updatedAt: Int64 = 0
    ) {
        self.assessmentID = assessmentID
        self.traceID = traceID
        self.name = name
        self.value = value
        self.source = source
        self.spanID = spanID
        self.rationale = rationale
        self.metadata = metadata
        self.overrides = overrides
        self.isValid = isValid
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// What an update of an assessment changes; nil leaves a part as it is.
public struct AssessmentChange: Sendable {
    public var name: String?
    public var value: Assessment.Value?
    public var rationale: String?
    /// Added to what is there.
    public var metadata: [Entry]

    public init(name: String?, value: Assessment.Value?, rationale: String?, metadata: [Entry]) {
        self.name = name
        self.value = value
        self.rationale = rationale
        self.metadata = metadata
    }
}

import LazuliResources
import LazuliTracking

/// How traces look on the wire.
extension JSONText {
    mutating func members(of info: TraceInfo) {
        field("trace_id", info.traceID)
        field("client_request_id", info.clientRequestID)
        field("trace_location") { text in
            text.field("type", "MLFLOW_EXPERIMENT")
            text.field("mlflow_experiment") { $0.field("experiment_id", info.experimentID) }
        }
        field("request_preview", info.requestPreview)
        field("response_preview", info.responsePreview)
        field("request_time", Timestamp.text(info.requestTime))
        field("execution_duration", info.duration.map(ProtobufTime.duration))
        field("state", info.state.rawValue)
        map("trace_metadata", info.metadata)
        map("tags", info.tags)
        field("assessments", list: info.assessments) { text, item in text.object { $0.members(of: item) } }
    }

    mutating func members(of trace: Trace) {
        field("trace_info") { $0.members(of: trace.info) }
        field("spans", list: trace.spans) { text, span in text.element(json: span.document) }
    }

    /// The form before MLflow 3.
    mutating func oldMembers(of info: TraceInfo) {
        field("request_id", info.traceID)
        field("experiment_id", info.experimentID)
        field("timestamp_ms", info.requestTime)
        field("execution_time_ms", info.duration)
        field("status", info.state == .unspecified ? "TRACE_STATUS_UNSPECIFIED" : info.state.rawValue)
        entries("request_metadata", info.metadata)
        entries("tags", info.tags)
    }

    mutating func members(of assessment: Assessment) {
        field("assessment_id", assessment.assessmentID)
        field("assessment_name", assessment.name)
        field("trace_id", assessment.traceID)
        field("span_id", assessment.spanID)
        field("source") { text in
            text.field("source_type", assessment.source.type)
            text.field("source_id", assessment.source.id)
        }
        field("create_time", Timestamp.text(assessment.createdAt))
        field("last_update_time", Timestamp.text(assessment.updatedAt))
        members(of: assessment.value)
        field("rationale", assessment.rationale)
        map("metadata", assessment.metadata)
        field("overrides", assessment.overrides)
        field("valid", assessment.isValid)
    }

    private mutating func members(of value: Assessment.Value) {
        switch value {
        case .feedback(let value, let error):
            field("feedback") { text in
                text.field("value", json: value)
                if let error { text.field("error", json: error) }
            }
        case .expectation(let value):
            field("expectation") { text in
                if value.isPlainExpectation {
                    text.field("value", json: value)
                } else {
                    text.field("serialized_value") { inner in
                        inner.field("serialization_format", "JSON_FORMAT")
                        inner.field("value", PythonText.dump(value))
                    }
                }
            }
        case .issue(let name): field("issue") { $0.field("issue_name", name) }
        }
    }

    /// Leaves an empty map out.
    private mutating func map(_ key: StaticString, _ entries: [Entry]) {
        guard !entries.isEmpty else { return }
        field(key, json: .object(JSONObject(entries.map { ($0.key, .string($0.value)) })))
    }
}

extension JSON {
    /// Whether an expectation of this value travels as it is: scalars, and lists of texts. Others travel as a text.
    fileprivate var isPlainExpectation: Bool {
        switch self {
        case .string, .integer, .number, .bool: true
        case .array(let values): values.allSatisfy { $0.string != nil }
        case .null, .object: false
        }
    }
}

/// Protobuf's times as JSON has them. Source: https://protobuf.dev/programming-guides/json/.
enum ProtobufTime {
    /// `1.500s`.
    static func duration(_ milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        let fraction = rest == 0 ? "" : "." + String(String(1000 + rest).dropFirst())
        return (milliseconds < 0 ? "-" : "") + "\(seconds)\(fraction)s"
    }

    /// Milliseconds of `1.5s`; what is finer is dropped.
    static func milliseconds(ofDuration text: String) -> Int64? {
        guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), abs(seconds) < 1e12 else { return nil }
        return Int64((seconds * 1000 + (seconds < 0 ? -1e-6 : 1e-6)).rounded(.towardZero))
    }

    /// Milliseconds since 1970 of an RFC 3339 time; a finer fraction than milliseconds is dropped.
    static func milliseconds(ofTime text: String) -> Int64? {
        guard let dot = text.firstIndex(of: ".") else { return Timestamp.milliseconds(text) }
        let rest = text[text.index(after: dot)...]
        let digits = rest.prefix { $0.isNumber }
        let padded = (digits + "000").prefix(3)
        return Timestamp.milliseconds(text[..<dot] + "." + padded + rest.dropFirst(digits.count))
    }
}

public import LazuliResources

/// The spans of a trace in the form of MLflow's own file `traces.json`, which clients and the page download.
public enum TraceData {
    public static func document(of spans: [Span]) -> JSON { ["spans": .array(spans.map(document))] }

    /// Attributes are texts of JSON in this form; those of events and links are values.
    private static func document(of span: Span) -> JSON {
        [
            "trace_id": .string(Span.base64(span.traceID)), "span_id": .string(Span.base64(span.spanID)),
            "parent_span_id": span.parentID.map { .string(Span.base64($0)) } ?? .null,
            "name": .string(span.name), "start_time_unix_nano": .integer(span.startTime),
            "end_time_unix_nano": span.endTime.map(JSON.integer) ?? .null,
            "events": .array(
                span.events.map { event in
                    [
                        "name": .string(event.name), "time_unix_nano": .integer(event.time),
                        "attributes": SpanValue.entries(event.attributes).json,
                    ]
                }),
            "status": ["code": .string(span.status.code.wireName), "message": .string(span.status.message ?? "")],
            "attributes": .object(
                JSONObject(span.attributes.map { ($0.key, .string(PythonText.dump($0.value.json))) })),
            "links": .array(
                span.links.map { link in
                    [
                        "trace_id": .string(Span.mlflowTraceID(link.traceID)), "span_id": .string(link.spanID),
                        "attributes": SpanValue.entries(link.attributes).json,
                    ]
                }),
        ]
    }
}

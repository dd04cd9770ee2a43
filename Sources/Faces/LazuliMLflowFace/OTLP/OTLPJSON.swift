import LazuliResources
import LazuliTracking

/// The same request in JSON, where names are in camel case and ids in hexadecimal.
///
/// Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
enum OTLPJSON {
    static func groups(_ bytes: [UInt8]) throws -> [SpanBatch.Group] {
        let document: JSON
        do {
            document = try JSON(parsing: bytes)
        } catch {
            throw TrackingFault.invalid(
                "Invalid OpenTelemetry format: the body is not JSON, \(error.reason) "
                    + "(line \(error.line), column \(error.column)).")
        }
        return try (document["resourceSpans"].array ?? []).map { resource in
            let spans = try (resource["scopeSpans"].array ?? []).flatMap { scope in
                try (scope["spans"].array ?? []).map(span)
            }
            return SpanBatch.Group(
                resource: SpanAttribute.list(resource["resource"]["attributes"]), spans: spans)
        }
    }

    private static func span(_ document: JSON) throws -> Span {
        guard let span = Span(document: document) else {
            throw ServiceError(
                TrackingFault.unprocessable,
                "Cannot convert OpenTelemetry span to MLflow span: the span \"\(document["name"].string ?? "")\" has "
                    + "no traceId of 32 hexadecimal digits or no spanId of 16.")
        }
        return span
    }
}

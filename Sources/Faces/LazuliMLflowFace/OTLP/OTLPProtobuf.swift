import LazuliResources
import LazuliTracking

/// Reads `ExportTraceServiceRequest`, in which OpenTelemetry's exporters send spans.
///
/// Source of the field numbers: opentelemetry-proto 1.x, `collector/trace/v1/trace_service.proto`,
/// `trace/v1/trace.proto`, `common/v1/common.proto` and `resource/v1/resource.proto`.
enum OTLPProtobuf {
    /// `AnyValue` may hold itself; deeper than this is refused.
    private static let deepest = 64

    static func groups(_ bytes: [UInt8]) throws -> [SpanBatch.Group] {
        var groups: [SpanBatch.Group] = []
        try ProtobufReader.each(bytes[...]) { field in
            if field.number == 1 { groups.append(try resourceSpans(field.bytes())) }
        }
        return groups
    }

    private static func resourceSpans(_ bytes: ArraySlice<UInt8>) throws -> SpanBatch.Group {
        var resource: [SpanAttribute] = [], spans: [Span] = []
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 1: resource = try attributes(ofResource: field.bytes())
            case 2:
                try ProtobufReader.each(field.bytes()) { inner in
                    if inner.number == 2 { spans.append(try span(inner.bytes())) }
                }
            default: break
            }
        }
        return SpanBatch.Group(resource: resource, spans: spans)
    }

    private static func attributes(ofResource bytes: ArraySlice<UInt8>) throws -> [SpanAttribute] {
        var attributes: [SpanAttribute] = []
        try ProtobufReader.each(bytes) { field in
            if field.number == 1 { attributes.append(try attribute(field.bytes())) }
        }
        return attributes
    }

    private static func span(_ bytes: ArraySlice<UInt8>) throws -> Span {
        var span = Span(traceID: "", spanID: "", name: "", startTime: 0)
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 1: span.traceID = try field.bytes().hexadecimal
            case 2: span.spanID = try field.bytes().hexadecimal
            case 4: span.parentID = try parent(field.bytes())
            case 5: span.name = try field.text()
            case 6: span.kind = try field.integer()
            case 7: span.startTime = try field.integer()
            case 8: span.endTime = try time(field)
            case 9: span.attributes.append(try attribute(field.bytes()))
            case 11: span.events.append(try event(field.bytes()))
            case 13: span.links.append(try link(field.bytes()))
            case 15: span.status = try status(field.bytes())
            default: break
            }
        }
        guard span.traceID.utf8.count == 32, span.spanID.utf8.count == 16 else {
            throw ServiceError(
                TrackingFault.unprocessable,
                "Cannot convert OpenTelemetry span to MLflow span: the span \"\(span.name)\" has no trace id of 16 "
                    + "bytes or no span id of 8.")
        }
        return span
    }

    /// A root has no parent, or an empty one.
    private static func parent(_ bytes: ArraySlice<UInt8>) -> String? {
        bytes.contains { $0 != 0 } ? bytes.hexadecimal : nil
    }

    /// A span that still runs has no end, or 0.
    private static func time(_ field: ProtobufReader.Field) throws -> Int64? {
        let time = try field.integer()
        return time == 0 ? nil : time
    }

    private static func event(_ bytes: ArraySlice<UInt8>) throws -> SpanEvent {
        var time: Int64 = 0, name = "", attributes: [SpanAttribute] = []
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 1: time = try field.integer()
            case 2: name = try field.text()
            case 3: attributes.append(try attribute(field.bytes()))
            default: break
            }
        }
        return SpanEvent(name: name, time: time, attributes: attributes)
    }

    private static func link(_ bytes: ArraySlice<UInt8>) throws -> SpanLink {
        var traceID = "", spanID = "", attributes: [SpanAttribute] = []
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 1: traceID = try field.bytes().hexadecimal
            case 2: spanID = try field.bytes().hexadecimal
            case 4: attributes.append(try attribute(field.bytes()))
            default: break
            }
        }
        return SpanLink(traceID: traceID, spanID: spanID, attributes: attributes)
    }

    private static func status(_ bytes: ArraySlice<UInt8>) throws -> SpanStatus {
        var code = SpanStatus.Code.unset, message: String?
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 2: message = try field.text()
            case 3: code = [1: .ok, 2: .error][try field.integer()] ?? .unset
            default: break
            }
        }
        return SpanStatus(code: code, message: message)
    }

    private static func attribute(_ bytes: ArraySlice<UInt8>, depth: Int = 0) throws -> SpanAttribute {
        var key = "", value = SpanValue.none
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 1: key = try field.text()
            case 2: value = try self.value(field.bytes(), depth: depth)
            default: break
            }
        }
        return SpanAttribute(key, value)
    }

    private static func value(_ bytes: ArraySlice<UInt8>, depth: Int) throws -> SpanValue {
        guard depth < deepest else { throw ProtobufReader.malformed("values are nested deeper than \(deepest) levels") }
        var value = SpanValue.none
        try ProtobufReader.each(bytes) { field in
            switch field.number {
            case 1: value = .text(try field.text())
            case 2: value = .flag(try field.integer() != 0)
            case 3: value = .integer(try field.integer())
            case 4: value = .number(Double(bitPattern: UInt64(bitPattern: try field.integer())))
            case 5: value = .list(try list(field.bytes()) { try self.value($0, depth: depth + 1) })
            case 6: value = .entries(try list(field.bytes()) { try attribute($0, depth: depth + 1) })
            case 7: value = .bytes(Array(try field.bytes()))
            default: break
            }
        }
        return value
    }

    /// `ArrayValue` and `KeyValueList`: field 1, as often as there are elements.
    private static func list<Element>(
        _ bytes: ArraySlice<UInt8>, _ element: (ArraySlice<UInt8>) throws -> Element
    ) throws -> [Element] {
        var elements: [Element] = []
        try ProtobufReader.each(bytes) { field in
            if field.number == 1 { elements.append(try element(field.bytes())) }
        }
        return elements
    }
}

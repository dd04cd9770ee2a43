import Foundation
public import LazuliResources

/// Spans as JSON, in the form that protobuf's JSON mapping gives OpenTelemetry's messages, with snake-case names.
/// This is how `traces/get` hands them out. Reading takes the form of OTLP over JSON: camel-case names, hexadecimal ids.
///
/// Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding and
/// https://protobuf.dev/programming-guides/json/.
extension Span {
    /// Ids in base64, times as numbers.
    public var document: JSON {
        .object(dropping: [
            ("trace_id", .string(Self.base64(traceID))),
            ("span_id", .string(Self.base64(spanID))),
            ("parent_span_id", parentID.map { .string(Self.base64($0)) }),
            ("name", .string(name)),
            ("kind", kind == 0 ? nil : .integer(kind)),
            ("start_time_unix_nano", .integer(startTime)),
            ("end_time_unix_nano", endTime.map(JSON.integer)),
            ("attributes", Self.list(attributes.map(\.document))),
            ("events", Self.list(events.map(\.document))),
            ("links", Self.list(links.map(\.document))),
            ("status", status.document),
        ])
    }

    fileprivate static func list(_ elements: [JSON]) -> JSON? { elements.isEmpty ? nil : .array(elements) }

    static func base64(_ hex: String) -> String { Data(Hexadecimal.bytes(hex) ?? []).base64EncodedString() }

    /// - Returns: nil if the document lacks an id.
    public init?(document: JSON) {
        guard let traceID = Self.id(document.either("trace_id", "traceId"), bytes: 16),
            let spanID = Self.id(document.either("span_id", "spanId"), bytes: 8)
        else { return nil }
        self.init(
            traceID: traceID, spanID: spanID,
            parentID: Self.id(document.either("parent_span_id", "parentSpanId"), bytes: 8),
            name: document["name"].string ?? "", kind: document["kind"].wholeNumber ?? 0,
            startTime: document.either("start_time_unix_nano", "startTimeUnixNano").wholeNumber ?? 0,
            endTime: document.either("end_time_unix_nano", "endTimeUnixNano").wholeNumber.flatMap { $0 > 0 ? $0 : nil },
            attributes: SpanAttribute.list(document["attributes"]),
            events: (document["events"].array ?? []).map(SpanEvent.init(document:)),
            links: (document["links"].array ?? []).compactMap(SpanLink.init(document:)),
            status: SpanStatus(document: document["status"]))
    }

    fileprivate static func id(_ value: JSON, bytes count: Int) -> String? {
        guard let bytes = value.string.flatMap(Hexadecimal.bytes), bytes.count == count else { return nil }
        return bytes.hexadecimal
    }
}

extension SpanAttribute {
    fileprivate var document: JSON { ["key": .string(key), "value": value.document] }

    public static func list(_ document: JSON) -> [SpanAttribute] {
        (document.array ?? []).compactMap { entry in
            entry["key"].string.map { SpanAttribute($0, SpanValue(document: entry["value"])) }
        }
    }
}

extension SpanValue {
    fileprivate var document: JSON {
        switch self {
        case .none: .emptyObject
        case .text(let text): ["string_value": .string(text)]
        case .flag(let flag): ["bool_value": .bool(flag)]
        case .integer(let integer): ["int_value": .integer(integer)]
        case .number(let number): ["double_value": .number(number)]
        case .bytes(let bytes): ["bytes_value": .string(Data(bytes).base64EncodedString())]
        case .list(let values): ["array_value": ["values": .array(values.map(\.document))]]
        case .entries(let entries): ["kvlist_value": ["values": .array(entries.map(\.document))]]
        }
    }

    fileprivate init(document: JSON) {
        func member(_ name: String, _ camelCase: String) -> JSON? {
            let value = document.either(name, camelCase)
            return value.isNull ? nil : value
        }
        if let text = member("string_value", "stringValue")?.string {
            self = .text(text)
        } else if let flag = member("bool_value", "boolValue")?.bool {
            self = .flag(flag)
        } else if let integer = member("int_value", "intValue")?.wholeNumber {
            self = .integer(integer)
        } else if let number = member("double_value", "doubleValue") {
            self = .number(number.number ?? number.string.flatMap(Double.init) ?? .nan)
        } else if let bytes = member("bytes_value", "bytesValue")?.string {
            self = .bytes(Data(base64Encoded: bytes).map(Array.init) ?? [])
        } else if let list = member("array_value", "arrayValue") {
            self = .list((list["values"].array ?? []).map(SpanValue.init(document:)))
        } else if let entries = member("kvlist_value", "kvlistValue") {
            self = .entries(SpanAttribute.list(entries["values"]))
        } else {
            self = .none
        }
    }

    /// The value as ordinary JSON.
    public var json: JSON {
        switch self {
        case .none: .null
        case .text(let text): .string(text)
        case .flag(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .bytes(let bytes): .string(Data(bytes).base64EncodedString())
        case .list(let values): .array(values.map(\.json))
        case .entries(let entries): .object(JSONObject(entries.map { ($0.key, $0.value.json) }))
        }
    }
}

extension SpanEvent {
    fileprivate var document: JSON {
        .object(dropping: [
            ("name", .string(name)), ("time_unix_nano", .integer(time)),
            ("attributes", Span.list(attributes.map(\.document))),
        ])
    }

    fileprivate init(document: JSON) {
        self.init(
            name: document["name"].string ?? "",
            time: document.either("time_unix_nano", "timeUnixNano").wholeNumber ?? 0,
            attributes: SpanAttribute.list(document["attributes"]))
    }
}

extension SpanLink {
    fileprivate var document: JSON {
        .object(dropping: [
            ("trace_id", .string(Span.base64(traceID))), ("span_id", .string(Span.base64(spanID))),
            ("attributes", Span.list(attributes.map(\.document))),
        ])
    }

    fileprivate init?(document: JSON) {
        guard let traceID = Span.id(document.either("trace_id", "traceId"), bytes: 16),
            let spanID = Span.id(document.either("span_id", "spanId"), bytes: 8)
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, attributes: SpanAttribute.list(document["attributes"]))
    }
}

extension SpanStatus {
    fileprivate var document: JSON {
        .object(dropping: [("code", .string(code.wireName)), ("message", message.map(JSON.string))])
    }

    /// The code by its name or by protobuf's number.
    fileprivate init(document: JSON) {
        let code = document["code"], all: [Code] = [.unset, .ok, .error]
        let found =
            all.first { $0.wireName == code.string }
            ?? code.wholeNumber.flatMap { 0..<3 ~= $0 ? all[Int($0)] : nil }
        let message = document["message"].string.flatMap { $0.isEmpty ? nil : $0 }
        self.init(code: found ?? .unset, message: message)
    }
}

extension JSON {
    /// The member under its name, or under the name in camel case.
    fileprivate func either(_ name: String, _ camelCase: String) -> JSON {
        let value = self[name]
        return value.isNull ? self[camelCase] : value
    }

    /// A whole number, or a text of one: protobuf's JSON writes 64 bits as text.
    fileprivate var wholeNumber: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .string(let text): Int64(text)
        default: nil
        }
    }
}

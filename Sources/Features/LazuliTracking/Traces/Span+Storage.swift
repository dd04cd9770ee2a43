import LazuliResources

/// Spans as they are stored: JSON with the names and values of attributes as they are, so that a search of the text
/// finds what was traced and not the words of a format.
extension Span {
    var stored: JSON {
        .object(dropping: [
            ("trace", .string(traceID)),
            ("span", .string(spanID)),
            ("parent", parentID.map(JSON.string)),
            ("name", .string(name)),
            ("kind", kind == 0 ? nil : .integer(kind)),
            ("start", .integer(startTime)),
            ("end", endTime.map(JSON.integer)),
            ("status", .string(status.code.rawValue)),
            ("message", status.message.map(JSON.string)),
            ("attributes", Self.members(attributes)),
            (
                "events",
                Self.elements(events) {
                    .object(dropping: [
                        ("name", .string($0.name)), ("time", .integer($0.time)),
                        ("attributes", Self.members($0.attributes)),
                    ])
                }
            ),
            (
                "links",
                Self.elements(links) {
                    .object(dropping: [
                        ("trace", .string($0.traceID)), ("span", .string($0.spanID)),
                        ("attributes", Self.members($0.attributes)),
                    ])
                }
            ),
        ])
    }

    private static func members(_ attributes: [SpanAttribute]) -> JSON? {
        attributes.isEmpty ? nil : SpanValue.entries(attributes).json
    }

    private static func elements<Element>(_ list: [Element], _ document: (Element) -> JSON) -> JSON? {
        list.isEmpty ? nil : .array(list.map(document))
    }

    init(stored: JSON) {
        self.init(
            traceID: stored["trace"].string ?? "", spanID: stored["span"].string ?? "",
            parentID: stored["parent"].string, name: stored["name"].string ?? "",
            kind: Int64(stored["kind"].integer ?? 0), startTime: Int64(stored["start"].integer ?? 0),
            endTime: stored["end"].integer.map(Int64.init), attributes: Self.attributes(stored["attributes"]),
            events: (stored["events"].array ?? []).map {
                SpanEvent(
                    name: $0["name"].string ?? "", time: Int64($0["time"].integer ?? 0),
                    attributes: Self.attributes($0["attributes"]))
            },
            links: (stored["links"].array ?? []).map {
                SpanLink(
                    traceID: $0["trace"].string ?? "", spanID: $0["span"].string ?? "",
                    attributes: Self.attributes($0["attributes"]))
            },
            status: SpanStatus(
                code: stored["status"].string.flatMap(SpanStatus.Code.init) ?? .unset,
                message: stored["message"].string))
    }

    private static func attributes(_ members: JSON) -> [SpanAttribute] {
        (members.object?.pairs ?? []).map { SpanAttribute($0.key, SpanValue(json: $0.value)) }
    }
}

extension SpanValue {
    fileprivate init(json: JSON) {
        self =
            switch json {
            case .null: .none
            case .bool(let flag): .flag(flag)
            case .integer(let integer): .integer(integer)
            case .number(let number): .number(number)
            case .string(let text): .text(text)
            case .array(let values): .list(values.map(SpanValue.init(json:)))
            case .object(let members): .entries(members.pairs.map { SpanAttribute($0.key, SpanValue(json: $0.value)) })
            }
    }
}

import LazuliResources

/// What a deployment collects of its requests and answers. Source: `DataCollectorSchema` of azure-ai-ml 1.35.2; the
/// file has one rate of sampling, the wire one for each collection.
enum DataCollectorShape {
    static let shape = Shape.coded(
        .object(
            Fields([
                .optional("collections", .map(.object(collection))),
                .optional("rolling_rate", .word(["minute": "Minute", "hour": "Hour", "day": "Day"])),
                .optional("sampling_rate", .number),
                .optional("request_logging", .object(Fields([.optional("capture_headers", .list(.text))]))),
            ])), Codec(encode: spread, decode: gathered))

    private static let collection = Fields([
        .required("enabled", .word(["true": "Enabled", "false": "Disabled"]), at: "dataCollectionMode"),
        .optional("data", .any, at: "dataId"), .optional("client_id"),
    ])

    private static func spread(_ collector: JSON) -> JSON {
        guard let rate = collector["samplingRate"].known else { return collector }
        var copy = collector
        for (name, _) in collector["collections"].object?.pairs ?? [] {
            copy["collections"][name]["samplingRate"] = rate
        }
        copy["samplingRate"] = .null
        return .object(dropping: (copy.object?.pairs ?? []).map { ($0.key, $0.value.known) })
    }

    private static func gathered(_ collector: JSON) -> JSON {
        var copy = collector
        for (name, collection) in collector["collections"].object?.pairs ?? [] {
            guard let rate = collection["samplingRate"].known else { continue }
            copy["samplingRate"] = rate
            copy["collections"][name]["samplingRate"] = .null
        }
        return copy
    }
}

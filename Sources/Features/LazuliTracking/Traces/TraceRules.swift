import LazuliResources

/// What the ids, tags and texts of traces may look like.
enum TraceRules {
    /// An id is also the name of a folder.
    static func check(traceID: String) throws {
        guard !traceID.isEmpty, traceID.utf8.count <= TrackingLimits.key, traceID != ".", traceID != "..",
            !traceID.unicodeScalars.contains(where: { $0 == "/" || $0 == "\\" || $0.value < 0x20 })
        else { throw TrackingFault.invalidValue("trace_id", traceID) }
    }

    /// The tag as it is stored: too long a value is cut.
    static func checked(_ tag: Entry) throws -> Entry {
        try NameRules.checkKey(tag.key, at: "key")
        try NameRules.checkLength(tag.key, of: "key", limit: TrackingLimits.traceTagKey)
        return Entry(tag.key, cut(tag.value, to: TrackingLimits.traceTagValue))
    }

    /// - Throws: `invalidArgument` for tags that the server keeps by itself.
    static func checkChange(of key: String, _ verb: String) throws {
        guard !TraceKey.kept.contains(key) else {
            throw TrackingFault.invalid("Tag '\(key)' is immutable and cannot be \(verb) on a trace.", target: "key")
        }
    }

    /// The text, with dots at its end if it had to be cut.
    static func preview(_ text: String) -> String {
        let limit = TrackingLimits.tracePreview
        return text.unicodeScalars.count <= limit ? text : cut(text, to: limit - 3) + "..."
    }

    private static func cut(_ text: String, to limit: Int) -> String {
        text.utf8.count <= limit ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    }
}

import LazuliResources

/// What metric, param, tag, run, experiment and model names may look like.
enum NameRules {
    private static let allowed =
        "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) "
        + "and slashes (/)."

    /// Checks the key of a metric, param or tag.
    /// - Parameter path: where it stands in the request, as the message names it.
    static func checkKey(_ name: String, at path: @autoclosure () -> String) throws {
        if isPlain(name) { return }
        let path = path()
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            throw TrackingFault.invalidValue(path, name, because: allowed)
        }
        let normal = normalPath(name)
        guard normal == name, normal != ".", !normal.hasPrefix(".."), !normal.hasPrefix("/") else {
            throw TrackingFault.invalidValue(
                path, name,
                because: "Names may be treated as files in certain cases, and must not resolve to other names when "
                    + "treated as such. This name would resolve to \(PythonText.repr(normal))")
        }
    }

    /// The common case, decided in one pass: ASCII letters, digits and `_- :`, with dots inside, and no slash.
    private static func isPlain(_ name: String) -> Bool {
        var isFirst = true
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "),
                UInt8(ascii: ":"):
                break
            case UInt8(ascii: ".") where !isFirst: break
            default: return false
            }
            isFirst = false
        }
        return !isFirst
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "_", ".", "-", " ", ":": true
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    /// `posixpath.normpath`.
    static func normalPath(_ path: String) -> String {
        guard !path.isEmpty else { return "." }
        let slashes = path.prefix(while: { $0 == "/" }).count
        let root = slashes == 0 ? "" : slashes == 2 ? "//" : "/"
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." || (root.isEmpty && (parts.isEmpty || parts.last == "..")) {
                parts.append(part)
            } else if !parts.isEmpty {
                parts.removeLast()
            }
        }
        let normal = root + parts.joined(separator: "/")
        return normal.isEmpty ? "." : normal
    }

    static func checkLength(_ value: String, of name: @autoclosure () -> String, limit: Int) throws {
        guard value.utf8.count > limit, value.unicodeScalars.count > limit else { return }
        throw TrackingFault.tooLong(name(), limit: limit)
    }

    static func checkParam(_ param: Entry, at path: @autoclosure () -> String) throws {
        try checkKey(param.key, at: path())
        try checkLength(param.key, of: "Param key", limit: TrackingLimits.key)
        try checkLength(param.value, of: "Param value", limit: TrackingLimits.paramValue)
    }

    /// - Parameter prefix: where the tag stands in the request, with a dot: `tags[3].`.
    static func checkTag(_ tag: Entry, at prefix: @autoclosure () -> String = "") throws {
        try checkKey(tag.key, at: prefix() + "key")
        try checkLength(tag.key, of: prefix() + "key", limit: TrackingLimits.key)
        try checkLength(tag.value, of: prefix() + "value", limit: TrackingLimits.tagValue)
    }

    static func checkExperimentTag(_ tag: Entry) throws {
        try checkKey(tag.key, at: "key")
        try checkLength(tag.key, of: "key", limit: TrackingLimits.key)
        try checkLength(tag.value, of: "value", limit: TrackingLimits.experimentTagValue)
    }

    /// - Parameter prefix: where the metric stands in the request, with a dot: `metrics[3].`.
    static func checkMetric(_ metric: Metric, at prefix: @autoclosure () -> String = "") throws {
        try checkKey(metric.key, at: prefix() + "name")
        guard metric.timestamp >= 0 else {
            throw TrackingFault.invalid(
                "Invalid value \(metric.timestamp) for parameter '\(prefix())timestamp' supplied: "
                    + "metric '\(metric.key)' (value=\(metric.value)). "
                    + "Timestamp must be a nonnegative long (64-bit integer) ")
        }
        try checkLength(metric.key, of: "Metric name", limit: TrackingLimits.key)
    }

    static func checkExperimentName(_ name: String) throws {
        guard !name.isEmpty else { throw TrackingFault.invalid("Invalid experiment name: ''", target: "name") }
        try checkLength(name, of: "name", limit: TrackingLimits.experimentName)
    }

    /// A run id is what a client or a job chose: a letter or digit, then up to 255 word characters or dashes.
    static func checkRunID(_ runID: String) throws {
        let scalars = runID.unicodeScalars
        guard let first = scalars.first, first.isASCII, first.properties.isAlphabetic || first.isDigit,
            scalars.count <= 256,
            scalars.allSatisfy({
                $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
        else { throw TrackingFault.invalidValue("run_id", runID) }
    }

    static func checkLoggedModelName(_ name: String) throws {
        let refused: [Character] = ["/", ":", ".", "%", "\"", "'"]
        guard !name.isEmpty, !name.contains(where: refused.contains) else {
            throw TrackingFault.invalid(
                "Invalid model name (\(PythonText.repr(name))) provided. Model name must be a non-empty string "
                    + "and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")",
                target: "name")
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

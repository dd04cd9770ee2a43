import LazuliEndpoints

/// Where a request's path leads.
enum EndpointRoute: Equatable {
    /// `POST /score`, `/invocations`, and what hosts answer below `/v2`.
    case score
    case health
    case document
    case page(file: String)
    case unknown
}

/// Reads paths of the scoring address.
enum EndpointPath {
    /// The name in `/endpoints/<name>/…`, and where the rest begins; nil for another path.
    static func named(_ path: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> (name: Range<Int>, rest: Int)? {
        let prefix: StaticString = "/endpoints/"
        let start = path.lowerBound + prefix.utf8CodeUnitCount
        guard path.upperBound > start,
            UnsafeRawBufferPointer(rebasing: bytes[path.lowerBound..<start]).isNamed(prefix)
        else { return nil }
        let end = bytes[start..<path.upperBound].firstIndex(of: Letter.slash) ?? path.upperBound
        return (start..<end, end)
    }

    /// The endpoint that a host's name means: scripts have Azure's addresses in them.
    static func endpoint(ofHost host: String) -> String? {
        let host = host.prefix { $0 != ":" }.lowercased()
        let parts = host.split(separator: ".").map(String.init)
        guard parts.count > 2 else { return nil }
        let isAzure = suffixes.contains { host.hasSuffix($0) }
        return isAzure ? parts[0] : nil
    }

    private static let suffixes = [".inference.ml.azure.com", ".azurewebsites.net", ".azurecontainer.io"]

    static func route(_ rest: String, _ method: RequestHead.Method) -> EndpointRoute {
        if rest == "/score" || rest == "/invocations" || rest.hasPrefix("/v2/") || rest == "/v2" { return .score }
        switch rest {
        case "", "/": return .health
        case "/swagger.json": return .document
        default: return rest.hasPrefix("/docs") ? .page(file: String(rest.dropFirst("/docs".count))) : .unknown
        }
    }
}

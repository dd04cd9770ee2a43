/// The host and port of a CONNECT request: `name:443`, `[::1]:443`.
struct TunnelAddress: Equatable {
    let host: String
    let port: Int

    /// - Parameter port: what an authority without a port means.
    init?(_ authority: some StringProtocol, port standard: Int? = nil) {
        var rest = Substring(authority)
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = rest[..<end].lowercased()
            rest = rest[end...]
        }
        guard !host.isEmpty, let port = rest.isEmpty ? standard : Int(rest.dropFirst()), (1...65535).contains(port)
        else { return nil }
        self.port = port
    }
}

/// The parts of a plain proxy request's target, `http://host:port/path?query`.
struct PlainAddress: Equatable {
    let authority: String
    let host: String
    let port: Int
    /// Path and query.
    let path: String

    private static let scheme = "http://"
    private static let port = 80

    init?(_ target: String) {
        guard target.lowercased().hasPrefix(Self.scheme) else { return nil }
        let rest = target.dropFirst(Self.scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let address = TunnelAddress(rest[..<end], port: Self.port) else { return nil }
        authority = String(rest[..<end])
        (host, port) = (address.host, address.port)
        let path = rest[end...]
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
    }
}

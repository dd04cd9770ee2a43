import Glibc
import LazuliResources

/// Settles on a port before anything is told it: addresses stand in tokens and documents from the first moment.
enum FreePort {
    /// The socket that was bound is never closed: a port which nobody holds may be another program's before we listen
    /// on it. A listener with `SO_REUSEADDR` can take the port beside a socket that does not listen.
    ///
    /// - Returns: the wanted port, or a free one if 0 was wanted.
    /// - Throws: `conflict` when the wanted port is taken.
    static func settle(_ wanted: Int, host: String, for what: String, option: String) throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ServiceError(.internalError, "No socket could be opened.") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: wanted).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            close(descriptor)
            throw ServiceError(.invalidArgument, "--listen takes an IPv4 address, not \"\(host)\".")
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else {
            close(descriptor)
            throw ServiceError(
                .conflict,
                "Port \(wanted) of \(host), for \(what), is taken. Choose another with \(option), or 0 for any.")
        }
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Where the listeners are reached.
struct Addresses: Sendable {
    let host: String
    let port: Int
    let blobPort: Int
    let httpPort: Int
    let scoringPort: Int
    private static let usualScoringPort = 7703
    let proxyPort: Int

    init(_ settings: ServerSettings) throws {
        host = settings.host
        port = try FreePort.settle(settings.port, host: host, for: "the management API", option: "--port")
        blobPort = try FreePort.settle(settings.blobPort, host: host, for: "the blob service", option: "--blob-port")
        httpPort = try FreePort.settle(
            settings.httpPort, host: "127.0.0.1", for: "the plain listener", option: "--http-port")
        scoringPort = try FreePort.settle(
            settings.scoringPort ?? (settings.httpPort == 0 ? 0 : Self.usualScoringPort), host: host,
            for: "the scoring endpoints", option: "--scoring-port")
        proxyPort = try FreePort.settle(
            settings.proxyPort ?? (settings.httpPort == 0 ? 0 : Self.usualProxyPort), host: "127.0.0.1",
            for: "the proxy", option: "--proxy-port")
    }

    /// Clients on this machine use the address and no name: a `localhost` entry in a netrc file would replace tokens.
    var shown: String { host == "0.0.0.0" ? "127.0.0.1" : host }

    var api: String { "https://\(shown):\(port)" }
    var blobAuthority: String { "\(shown):\(blobPort)" }
    var blob: String { "https://\(blobAuthority)" }
    /// Stock MLflow clients send no token by themselves: on this machine they use the plain listener.
    var tracking: String? { host == "127.0.0.1" ? http : nil }
    /// Keys travel in the clear on this machine alone.
    var scoring: String { "\(host == "127.0.0.1" ? "http" : "https")://\(shown):\(scoringPort)" }
    var http: String { "http://127.0.0.1:\(httpPort)" }
    var proxy: String { "http://127.0.0.1:\(proxyPort)" }

    private static let usualProxyPort = 7704
}

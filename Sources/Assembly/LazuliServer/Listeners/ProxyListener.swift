import LazuliProxyFace
import Logging

extension ProxyFace {
    /// The proxy in front of a server's own listeners.
    init(_ ground: ServerGround, _ started: ListenerCount) throws {
        let addresses = ground.addresses, issuer = ground.certificates.issuer
        func own(_ port: Int, isTLS: Bool) -> Upstream { Upstream(host: addresses.shown, port: port, isTLS: isTLS) }
        try self.init(
            Settings(
                port: addresses.proxyPort, management: own(addresses.port, isTLS: true),
                blob: own(addresses.blobPort, isTLS: true),
                scoring: own(addresses.scoringPort, isTLS: false),
                authorityPath: ground.certificates.authorityPath, identity: { try issuer.identity(for: $0) }),
            logger: ground.logger, ready: { await started.one() })
    }
}

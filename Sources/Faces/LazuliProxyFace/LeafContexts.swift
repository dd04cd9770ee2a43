import NIOCore
import NIOSSL
import Synchronization

/// The TLS side of the proxy: a certificate for each name it answers for, made when the name is first asked for.
final class LeafContexts: Sendable {
    private let identity: ProxyFace.IdentityMaker
    private let known = Mutex<[String: NIOSSLContext]>([:])
    /// Names kept; more than anyone calls, few enough to be no burden when somebody tries them all.
    private static let most = 512

    init(_ identity: @escaping ProxyFace.IdentityMaker) { self.identity = identity }

    func context(for host: String) throws -> NIOSSLContext {
        if let context = known.withLock({ $0[host] }) { return context }
        let made = try make(host)
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[host] = made
        }
        return made
    }

    private func make(_ host: String) throws -> NIOSSLContext {
        let (chainPEM, keyPEM) = try identity(host)
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(chainPEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}

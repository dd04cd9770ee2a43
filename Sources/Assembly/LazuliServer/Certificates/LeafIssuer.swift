import Foundation
import X509

/// Makes certificates for names that are not the server's own, as the proxy needs them. They are kept nowhere.
struct LeafIssuer: Sendable {
    private let authority: CertificateAuthority
    private static let longestCommonName = 64

    init(_ authority: CertificateAuthority) { self.authority = authority }

    /// The chain and the key, both PEM, for one host name.
    func identity(for host: String, now: Date = Date()) throws -> (chainPEM: String, keyPEM: String) {
        let leaf = try LeafCertificate.made(
            [.dnsName(host)], authority, now, commonName: String(host.prefix(Self.longestCommonName)))
        return (leaf.certificatePEM + "\n" + authority.identity.certificatePEM + "\n", leaf.keyPEM)
    }
}

import Crypto
import Foundation
import X509

/// The certificate that the listeners show: a year long, for the names they are reached by.
enum LeafCertificate {
    static let files = CertificateIdentity.Files(certificate: "leaf.pem", key: "leaf.key")
    private static let lifetime: TimeInterval = 365 * 86_400
    private static let renewal: TimeInterval = 30 * 86_400

    /// The leaf of the folder; made anew when it does not serve any more.
    static func opened(
        in folder: URL, names: [GeneralName], authority: CertificateAuthority, now: Date
    ) throws -> CertificateIdentity {
        if let known = CertificateIdentity(in: folder, files), serves(known, names, authority, now) { return known }
        let identity = try made(names, authority, now)
        try identity.write(in: folder, files)
        return identity
    }

    private static func serves(
        _ identity: CertificateIdentity, _ names: [GeneralName], _ authority: CertificateAuthority, _ now: Date
    ) -> Bool {
        let extensions = identity.certificate.extensions
        guard let served = try? extensions.subjectAlternativeNames,
            let issuer = try? extensions.authorityKeyIdentifier?.keyIdentifier
        else { return false }
        return Set(served) == Set(names) && issuer == authority.keyIdentifier
            && identity.isValid(at: now, forAnother: renewal)
    }

    static func made(
        _ names: [GeneralName], _ authority: CertificateAuthority, _ now: Date, commonName: String = "localhost"
    ) throws -> CertificateIdentity {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let issuer = authority.identity.certificate
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-CertificateAuthority.backdating),
            notValidAfter: min(now.addingTimeInterval(lifetime), issuer.notValidAfter),
            issuer: issuer.subject,
            subject: DistinguishedName {
                OrganizationName("Lazuli")
                CommonName(commonName)
            },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier)
            },
            issuerPrivateKey: authority.identity.key)
        return try CertificateIdentity(certificate, key: key)
    }
}

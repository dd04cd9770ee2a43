import Crypto
import Foundation
import X509

/// Our own certificate authority: it signs the leaves of this state folder and no other certificate.
struct CertificateAuthority {
    static let files = CertificateIdentity.Files(certificate: "ca.pem", key: "ca.key")
    private static let lifetime: TimeInterval = 10 * 365 * 86_400
    /// Clocks of other machines may be behind by this much.
    static let backdating: TimeInterval = 3_600

    let identity: CertificateIdentity

    /// The authority of the folder; made when there is none that is whole and valid.
    static func opened(in folder: URL, now: Date) throws -> CertificateAuthority {
        if let known = CertificateIdentity(in: folder, files), known.isValid(at: now) {
            return CertificateAuthority(identity: known)
        }
        let identity = try made(now: now)
        try identity.write(in: folder, files)
        return CertificateAuthority(identity: identity)
    }

    private static func made(now: Date) throws -> CertificateIdentity {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        // The name carries the key's first bytes: two state folders' authorities in one bundle must not be confused.
        let mark = key.publicKey.rawRepresentation.prefix(4).map { String($0, radix: 16) }.joined()
        let name = try DistinguishedName {
            OrganizationName("Lazuli")
            CommonName("Lazuli local authority \(mark)")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-backdating), notValidAfter: now.addingTimeInterval(lifetime),
            issuer: name, subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
        return try CertificateIdentity(certificate, key: key)
    }

    var keyIdentifier: ArraySlice<UInt8>? {
        try? identity.certificate.extensions.subjectKeyIdentifier?.keyIdentifier
    }
}

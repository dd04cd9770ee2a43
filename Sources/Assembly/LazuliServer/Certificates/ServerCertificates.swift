import Crypto
package import Foundation
import LazuliResources
import SwiftASN1
import X509

/// What the TLS listeners and their clients need.
package struct ServerCertificates: Sendable {
    /// The leaf and the authority that signed it.
    package let chainPEM: String
    package let keyPEM: String
    /// The public roots and our own authority in one file, for `REQUESTS_CA_BUNDLE` and `SSL_CERT_FILE`.
    package let bundlePath: String
    /// Our own authority alone, for clients that keep the public roots themselves.
    package let authorityPath: String
    /// Whether the bundle holds public roots; without them clients under it reach this server and nothing else.
    package let bundleHasPublicRoots: Bool
    /// Signs certificates for further names.
    let issuer: LeafIssuer
}

extension ServerCertificates {
    /// The certificates of a state folder, in its `ca` folder: made on first start, renewed when they must be.
    ///
    /// The authority stays for ten years, so that clients which took it up need no new bundle. The leaf is made anew when
    /// fewer than 30 days of its year are left, when other names are served, or when its key or authority is another.
    /// - Parameters:
    ///   - names: host names and IP addresses besides `localhost`, `127.0.0.1` and `::1`.
    /// - Throws: `internalError` naming the file that cannot be read or written.
    package static func open(
        in home: URL, names: [String] = [], now: Date = Date(),
        publicRoots: [URL] = TrustBundle.publicRootFiles()
    ) throws -> ServerCertificates {
        let folder = home.appending(path: "ca")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let authority = try CertificateAuthority.opened(in: folder, now: now)
        let leaf = try LeafCertificate.opened(
            in: folder, names: HostNames.served(besides: names), authority: authority, now: now)
        let bundle = folder.appending(path: "bundle.pem")
        let hasRoots = try TrustBundle.refresh(
            bundle, authorityPEM: authority.identity.certificatePEM, from: publicRoots)
        return ServerCertificates(
            chainPEM: leaf.certificatePEM + "\n" + authority.identity.certificatePEM + "\n", keyPEM: leaf.keyPEM,
            bundlePath: bundle.path, authorityPath: folder.appending(path: CertificateAuthority.files.certificate).path,
            bundleHasPublicRoots: hasRoots, issuer: LeafIssuer(authority))
    }
}

/// A certificate with its private key, as two files.
struct CertificateIdentity {
    let certificate: Certificate
    let key: Certificate.PrivateKey
    let certificatePEM: String
    let keyPEM: String

    /// The names of the two files.
    struct Files {
        let certificate: String
        let key: String
    }

    init(_ certificate: Certificate, key: P256.Signing.PrivateKey) throws {
        self.certificate = certificate
        self.key = Certificate.PrivateKey(key)
        certificatePEM = try certificate.serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
    }

    /// The identity in the files, or nil when one of them is missing or they do not belong together.
    init?(in folder: URL, _ files: Files) {
        guard let pem = try? String(contentsOf: folder.appending(path: files.certificate), encoding: .utf8),
            let keyPEM = try? String(contentsOf: folder.appending(path: files.key), encoding: .utf8),
            let certificate = try? Certificate(pemEncoded: pem),
            let key = try? Certificate.PrivateKey(pemEncoded: keyPEM), key.publicKey == certificate.publicKey
        else { return nil }
        self.certificate = certificate
        self.key = key
        certificatePEM = pem
        self.keyPEM = keyPEM
    }

    func write(in folder: URL, _ files: Files) throws {
        try PrivateFile.write(keyPEM, to: folder.appending(path: files.key), mode: 0o600)
        try PrivateFile.write(certificatePEM, to: folder.appending(path: files.certificate), mode: 0o644)
    }

    func isValid(at date: Date, forAnother seconds: TimeInterval = 0) -> Bool {
        certificate.notValidBefore <= date && date.addingTimeInterval(seconds) < certificate.notValidAfter
    }
}

/// Files that come into being whole, with their mode, or not at all.
enum PrivateFile {
    static func write(_ text: String, to file: URL, mode: Int) throws {
        let draft = file.appendingPathExtension("new")
        let made = FileManager.default.createFile(
            atPath: draft.path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        guard made, rename(draft.path, file.path) == 0 else {
            throw ServiceError(
                .internalError, "Cannot write \(file.path). Check the owner and the free space of its folder.",
                target: file.path)
        }
    }
}

import Crypto
import Foundation
import LazuliResources

/// The server's own keys: an ECDSA P-256 key for tokens, and a secret from which seals are derived.
///
/// Both are files of mode 0600, made on first start. Losing them makes every token and sign-in key void, nothing else.
struct SigningKeys: Sendable {
    let token: P256.Signing.PrivateKey
    private let sealRoot: SymmetricKey

    init(folder: URL) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        token = try Self.key(
            at: folder.appending(path: "token-signing.pem"),
            make: {
                Data(P256.Signing.PrivateKey().pemRepresentation.utf8)
            }, read: { try P256.Signing.PrivateKey(pemRepresentation: String(decoding: $0, as: UTF8.self)) })
        sealRoot = try Self.key(
            at: folder.appending(path: "seal.key"),
            make: {
                Data(RandomText.bytes(32))
            },
            read: { data in
                guard data.count == 32 else { throw CryptoKitError.incorrectKeySize }
                return SymmetricKey(data: data)
            })
    }

    /// A seal of its own for each purpose, so that what is sealed for one opens for no other.
    func seal(for purpose: String) -> Seal {
        Seal(
            key: HKDF<SHA256>.deriveKey(
                inputKeyMaterial: sealRoot, info: Data(purpose.utf8), outputByteCount: 32))
    }

    /// The key's name in tokens and in the published key set: its RFC 7638 thumbprint.
    var tokenKeyID: String {
        let (x, y) = tokenCoordinates
        return Base64URL.text(SHA256.hash(data: Data(#"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#.utf8)))
    }

    /// The public point, as JSON Web Keys write it.
    var tokenCoordinates: (x: String, y: String) {
        let point = token.publicKey.rawRepresentation
        return (Base64URL.text(point.prefix(32)), Base64URL.text(point.suffix(32)))
    }

    private static func key<Key>(at file: URL, make: () -> Data, read: (Data) throws -> Key) throws -> Key {
        if !FileManager.default.fileExists(atPath: file.path) {
            // Under another name first: a start that is cut short leaves no half key behind.
            let draft = file.appendingPathExtension("new")
            let made = FileManager.default.createFile(
                atPath: draft.path, contents: make(), attributes: [.posixPermissions: 0o600])
            guard made, rename(draft.path, file.path) == 0 else {
                throw ServiceError(
                    .internalError,
                    "Cannot write the key \(file.path). Check the owner and the free space of its folder.")
            }
        }
        do {
            return try read(Data(contentsOf: file))
        } catch {
            throw ServiceError(
                .internalError,
                "The key \(file.path) cannot be read. Restore it, or delete it to have a new one made: "
                    + "tokens and sign-in keys given out before then stop working.",
                cause: "\(error)")
        }
    }
}

/// Marks short texts so that only this server can have made them: `text.mac`, HMAC-SHA256 in base64url.
struct Seal: Sendable {
    private let key: SymmetricKey

    init(key: SymmetricKey) { self.key = key }

    func sealed(_ text: String) -> String {
        text + "." + Base64URL.text(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }

    /// The text, if the seal is ours; compared in constant time.
    func opened(_ sealed: String) -> String? {
        guard sealed.utf8.count <= 512, let dot = sealed.lastIndex(of: "."),
            let code = Base64URL.bytes(String(sealed[sealed.index(after: dot)...]))
        else { return nil }
        let text = String(sealed[..<dot])
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(text.utf8), using: key) ? text : nil
    }
}

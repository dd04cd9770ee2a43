import Crypto
import Foundation

/// A program's password: shown once when made, kept only as a salted hash.
///
/// The secret holds 256 random bits, so that one HMAC-SHA256 under a random salt is enough: there is nothing to guess.
public struct ClientSecret: Sendable {
    let salt: [UInt8]
    let hash: [UInt8]

    /// - Returns: the secret's text, and what is kept of it.
    static func make() -> (text: String, kept: ClientSecret) {
        let text = "lzs_" + RandomText.base64URL(byteCount: 32)
        let salt = RandomText.bytes(16)
        let hash = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: salt))
        return (text, ClientSecret(salt: salt, hash: Array(hash)))
    }

    /// Compares in constant time.
    func matches(_ text: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(hash, authenticating: Data(text.utf8), using: SymmetricKey(data: salt))
    }
}

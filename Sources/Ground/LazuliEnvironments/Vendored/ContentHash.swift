import Crypto
import LazuliResources

/// The SHA-256 of content, in hexadecimal digits.
enum ContentHash {
    static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(data: Array(bytes))
        return hash.finalize().hexadecimal
    }
}

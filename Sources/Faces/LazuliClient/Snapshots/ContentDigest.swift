import Crypto
import Foundation

/// A running SHA-256.
struct ContentDigest {
    private var state = SHA256()

    mutating func add(_ data: Data) { state.update(data: data) }
    mutating func add(_ text: String) { add(Data(text.utf8)) }

    /// The digest in lower-case hexadecimal digits.
    func hex() -> String {
        state.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}

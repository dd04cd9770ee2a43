import Crypto
import Foundation
import LazuliResources

/// A running SHA-256.
struct ContentDigest {
    private var state = SHA256()

    mutating func add(_ data: Data) { state.update(data: data) }
    mutating func add(_ text: String) { add(Data(text.utf8)) }

    /// The digest in lower-case hexadecimal digits.
    func hex() -> String { state.finalize().hexadecimal }
}

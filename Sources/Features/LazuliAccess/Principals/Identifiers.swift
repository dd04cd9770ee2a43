import Crypto
import Foundation
import LazuliResources

/// Random values that nobody can guess, from the operating system's generator.
enum RandomText {
    static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    static func base64URL(byteCount: Int) -> String { Base64URL.text(bytes(byteCount)) }

    /// A GUID in the lower-case form that every id of this product has.
    static func guid() -> String { UUID().uuidString.lowercased() }
}

/// RFC 4648 section 5 without padding, as JWTs and their relatives write bytes.
enum Base64URL {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    static func bytes(_ text: String) -> [UInt8]? {
        let padded =
            text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: padded).map(Array.init)
    }
}

/// GUIDs that are not random.
enum GUIDText {
    /// The same GUID for the same text: the first half of its SHA-256.
    static func derived(from text: String) -> String {
        let hex = SHA256.hash(data: Data(text.utf8)).prefix(16).map { [$0].hexadecimal }
        return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }
}

import Crypto
import Foundation
public import LazuliResources

/// Names for things that have none: the same content gets the same name.
public enum ContentFingerprint {
    /// A GUID made of the document's content.
    public static func guid(of document: JSON) -> String {
        let digits = SHA256.hash(data: Data(document.bytes)).prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        let letters = Array(digits)
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(letters[$0..<$1]) }.joined(separator: "-")
    }
}

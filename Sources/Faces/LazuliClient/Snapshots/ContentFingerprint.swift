public import LazuliResources

/// Names for things that have none: the same content gets the same name.
public enum ContentFingerprint {
    /// A GUID made of the document's content.
    public static func guid(of document: JSON) -> String {
        var digest = ContentDigest()
        digest.add(document.text)
        let letters = Array(digest.hex())
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(letters[$0..<$1]) }.joined(separator: "-")
    }
}

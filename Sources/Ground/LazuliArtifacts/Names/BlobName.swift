import LazuliResources

/// The name of a blob: a relative path that cannot leave its container.
///
/// Source: "Naming and referencing containers, blobs, and metadata" of the Blob service, narrowed to what a plain file
/// can be called.
public struct BlobName: Hashable, Sendable, CustomStringConvertible {
    /// The decoded name, `folder/file.csv`.
    public let text: String

    /// The longest file name that Linux file systems take, in UTF-8 bytes.
    static let longestSegment = 255
    /// The Blob service's own limit, in characters.
    static let longestName = 1024

    /// - Throws: `invalidArgument` that says which rule the name breaks.
    public init(_ text: String) throws {
        if let fault = Self.fault(in: text) {
            throw BlobFault.invalidName.error(
                "The blob name \"\(text.prefix(120))\" \(fault). Use a relative path such as folder/file.csv.")
        }
        self.text = text
    }

    public var description: String { text }

    /// The folders above the file and the file itself, outermost first.
    var segments: [String] { text.split(separator: "/").map(String.init) }

    /// What is wrong with a name, as the rest of a sentence; nil if nothing is.
    static func fault(in text: String) -> String? {
        if text.isEmpty { return "is empty" }
        if text.count > longestName { return "is longer than \(longestName) characters" }
        for scalar in text.unicodeScalars {
            if scalar == "\\" { return "contains a backslash" }
            if scalar.value < 0x20 || scalar.value == 0x7F { return "contains a control character" }
            if (0x80...0x9F).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE {
                return "contains a character that XML cannot carry"
            }
        }
        if text.utf8.first == UInt8(ascii: "/") { return "begins with a slash" }
        if text.utf8.last == UInt8(ascii: "/") { return "ends with a slash" }
        return text.split(separator: "/", omittingEmptySubsequences: false).lazy.compactMap(segmentFault).first
    }

    private static func segmentFault(_ segment: Substring) -> String? {
        if segment.isEmpty { return "has an empty folder name (two slashes in a row)" }
        if segment == "." || segment == ".." { return "has a \"\(segment)\" segment, which could leave its container" }
        if segment.utf8.count > longestSegment { return "has a segment longer than \(longestSegment) bytes" }
        return nil
    }
}

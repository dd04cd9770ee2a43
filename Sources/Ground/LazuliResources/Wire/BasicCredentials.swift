import Foundation

/// The name and password of an `Authorization: Basic …` header (RFC 7617).
public struct BasicCredentials: Sendable, Equatable {
    public let name: String
    public let password: String

    /// - Returns: nil when the header is of another scheme or is malformed.
    public init?(header: String) {
        let words = header.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "basic", let plain = Data(base64Encoded: String(words[1]))
        else { return nil }
        let parts = String(decoding: plain, as: UTF8.self).split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        name = String(parts[0])
        password = String(parts[1])
    }
}

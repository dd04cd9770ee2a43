import Crypto
import Foundation

/// The signature of a request under an account's shared key, as `Authorization: SharedKey <account>:<signature>`.
///
/// Source: "Authorize with Shared Key", the string to sign of the Blob service since version 2015-02-21.
public struct SharedKeySignature: Sendable {
    private let method: String
    /// As it stood in the request line, still percent-encoded, without the query.
    private let path: String
    /// Names in lower case and decoded values.
    private let query: [(name: String, value: String)]
    /// Values by lower-cased name.
    private let headers: [String: String]
    private let account: String

    public init(
        account: String, method: String, path: String, query: [(name: String, value: String)], headers: [String: String]
    ) {
        self.account = account
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
    }

    private static let signedHeaders = [
        "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
        "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
    ]

    /// Whether this is the base64 signature of the request under this key. Takes the same time for every wrong one.
    public func isValid(_ signature: String, key: [UInt8]) -> Bool {
        guard let code = Data(base64Encoded: signature) else { return false }
        return stringsToSign.contains { text in
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Data(text.utf8), using: SymmetricKey(data: key))
        }
    }

    /// The base64 signature of the request under this key, for clients of our own.
    public func signed(with key: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(stringsToSign[0].utf8), using: SymmetricKey(data: key))
        return Data(code).base64EncodedString()
    }

    /// Clients differ in how they order two headers of which one has a hyphen or underscore where the other goes on:
    /// the Blob service sorts as Windows does, others by bytes. The signed content is the same, so both are good.
    var stringsToSign: [String] {
        let names = headers.keys.filter { $0.hasPrefix("x-ms-") }
        let byBytes = names.sorted { ByteName($0) < ByteName($1) }
        let asWindows = names.sorted { WindowsOrder(of: $0) < WindowsOrder(of: $1) }
        let orders = byBytes == asWindows ? [byBytes] : [asWindows, byBytes]
        return orders.map { first + canonicalHeaders($0) + canonicalResource }
    }

    private var first: String {
        let lines = Self.signedHeaders.map { name in
            let value = headers[name] ?? ""
            return name == "content-length" && value == "0" ? "" : value
        }
        return ([method] + lines).joined(separator: "\n") + "\n"
    }

    private func canonicalHeaders(_ names: [String]) -> String {
        names.map { "\($0):\((headers[$0] ?? "").trimmingCharacters(in: .whitespaces))\n" }.joined()
    }

    private var canonicalResource: String {
        let values = Dictionary(grouping: query, by: \.name).mapValues {
            $0.map(\.value).sorted().joined(separator: ",")
        }
        let lines = values.sorted { ByteName($0.key) < ByteName($1.key) }.map { "\n\($0.key):\($0.value)" }
        return "/" + account + path + lines.joined()
    }
}

/// The order in which Windows, and so the Blob service, sorts header names: hyphens do not count, unless all else is
/// equal; then the name whose hyphen stands later comes first. Other signs come before digits, digits before letters.
struct WindowsOrder: Comparable {
    private let weights: [UInt8]
    private let hyphens: [Int]

    private static let signs = Array("!#$%&*.^_`|~+".utf8)

    init(of name: String) {
        let bytes = Array(name.utf8)
        hyphens = bytes.indices.filter { bytes[$0] == UInt8(ascii: "-") }.map { -$0 }
        weights = bytes.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "'") }.map { byte in
            Self.signs.firstIndex(of: byte).map(UInt8.init) ?? byte
        }
    }

    static func < (left: WindowsOrder, right: WindowsOrder) -> Bool {
        if left.weights != right.weights { return left.weights.lexicographicallyPrecedes(right.weights) }
        return left.hyphens.lexicographicallyPrecedes(right.hyphens)
    }
}

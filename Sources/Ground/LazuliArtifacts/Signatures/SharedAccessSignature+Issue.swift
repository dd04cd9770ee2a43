import Crypto
public import Foundation
import LazuliResources

extension SharedAccessSignature {
    /// The query item that names the account of a signature: the stock clients reach all accounts under one host name.
    /// It is not signed, and a wrong account's key just does not fit. The stock storage client takes a text for a
    /// signature only if it knows every item in it, so the name is one it knows and account keys leave unused.
    public static let accountItem = "scid"

    /// The version whose rules the issued signatures follow; clients accept any.
    static let issuedVersion = "2021-08-06"

    /// Everything that an uploader and a reader need: read, add, create, write, delete, list.
    public static let allPermissions = "racwdl"

    /// Signs the permission to use a container, or one blob of it.
    ///
    /// - Parameters:
    ///   - key: the account's raw key.
    ///   - blob: nil for the whole container.
    ///   - permissions: letters in the order `racwdl`.
    /// - Returns: a query string without a question mark, percent-encoded.
    public static func issue(
        account: String, key: [UInt8], container: String, blob: String? = nil,
        permissions: String = SharedAccessSignature.allPermissions, start: Date? = nil, expiry: Date
    ) throws -> String {
        var items = [("sv", issuedVersion)]
        if let start { items.append(("st", text(start))) }
        items += [("se", text(expiry)), ("sr", blob == nil ? "c" : "b"), ("sp", permissions)]
        return try signed(items, account: account, key: key, container: container, blob: blob)
    }

    /// Signs the permission to use all containers of an account.
    /// - Returns: a query string without a question mark, percent-encoded.
    public static func issue(
        account: String, key: [UInt8], permissions: String = SharedAccessSignature.allPermissions, expiry: Date
    ) throws -> String {
        let items = [("sv", issuedVersion), ("ss", "b"), ("srt", "sco"), ("sp", permissions), ("se", text(expiry))]
        return try signed(items, account: account, key: key, container: nil, blob: nil)
    }

    private static func signed(
        _ items: [(String, String)], account: String, key: [UInt8], container: String?, blob: String?
    ) throws -> String {
        let unsigned = Dictionary(uniqueKeysWithValues: items + [("sig", "")])
        guard
            let text = try SharedAccessSignature(query: unsigned)?.stringToSign(
                account: account, container: container, blob: blob)
        else { throw ServiceError(.internalError, "A shared access signature was asked for nothing.") }
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
        return (items + [(accountItem, account), ("sig", Data(code).base64EncodedString())])
            .map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")" }
            .joined(separator: "&")
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func text(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle()) }
}

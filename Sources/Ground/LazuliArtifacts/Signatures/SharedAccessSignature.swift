import Crypto
public import Foundation
import LazuliResources

/// A signed permission that travels in a URL: for a blob, a folder, a container, or an account.
///
/// Sources: "Create a service SAS" and "Create an account SAS" of the storage services.
public struct SharedAccessSignature: Sendable {
    /// What a signature is for.
    public enum Scope: Sendable, Equatable {
        case blob, container
        /// The folder of so many segments.
        case folder(depth: Int)
        /// The levels (`s`, `c`, `o`) of the whole account.
        case account(levels: Set<Character>)
    }

    /// The query items that are signed, by name.
    let fields: [String: String]
    public let signature: String
    public let scope: Scope
    /// One letter each: `r`ead, `a`dd, `c`reate, `w`rite, `d`elete, `l`ist and rarer ones.
    public let permissions: Set<Character>

    /// Reads the signature in a query, whose values are decoded.
    /// - Returns: nil if the query carries none.
    /// - Throws: `unauthenticated` for one that is incomplete or of a kind that is not offered.
    public init?(query: [String: String]) throws {
        guard let signature = query["sig"] else { return nil }
        self.signature = signature
        fields = query
        guard let version = query["sv"], Self.isDate(version) else { throw Self.refusal("it has no version sv") }
        guard query["skoid"] == nil else {
            throw Self.refusal("user delegation keys are not offered; use an account key")
        }
        guard query["si"] == nil else {
            throw Self.refusal("stored access policies are not offered; put sp and se in it")
        }
        guard query["sp"]?.isEmpty == false, query["se"] != nil else { throw Self.refusal("it has no sp or no se") }
        permissions = Set(query["sp"] ?? "")
        scope = try Self.scope(query)
    }

    private static func scope(_ query: [String: String]) throws -> Scope {
        if let levels = query["srt"] {
            guard query["ss"]?.contains("b") == true else { throw refusal("its services ss leave out blobs (b)") }
            return .account(levels: Set(levels))
        }
        switch query["sr"] {
        case "b": return .blob
        case "c": return .container
        case "d":
            guard let depth = query["sdd"].flatMap(Int.init), depth >= 0 else {
                throw refusal("sr=d needs a depth sdd")
            }
            return .folder(depth: depth)
        default: throw refusal("its resource sr is none of b, c, d and it is no account signature")
        }
    }

    private static func isDate(_ text: String) -> Bool {
        text.utf8.count == 10 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }

    static func refusal(_ reason: String) -> ServiceError {
        ServiceError(
            .unauthenticated, "The shared access signature is not accepted: \(reason).", cause: "AuthenticationFailed")
    }
}

extension SharedAccessSignature {
    /// Whether the signature was made with this key for this account, and for this container or blob of it.
    /// Takes the same time for every wrong one.
    /// - Parameters:
    ///   - container: the container of the request, decoded; nil if it is for the account.
    ///   - blob: the blob of the request, decoded; nil if it is for the container.
    public func isSigned(with key: [UInt8], account: String, container: String?, blob: String?) -> Bool {
        guard let code = Data(base64Encoded: signature),
            let text = stringToSign(account: account, container: container, blob: blob)
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Data(text.utf8), using: SymmetricKey(data: key))
    }

    /// - Returns: nil if the scope cannot be for this container and blob.
    func stringToSign(account: String, container: String?, blob: String?) -> String? {
        guard case .account = scope else {
            return resource(account, container, blob).map { stringToSign(resource: $0) }
        }
        let names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"] + (knowsScopes ? ["ses"] : [])
        return ([account] + names.map(field)).map { $0 + "\n" }.joined()
    }

    private func stringToSign(resource: String) -> String {
        let version = field("sv")
        var lines = [field("sp"), field("st"), field("se"), resource, field("si")]
        if version >= "2015-04-05" { lines += [field("sip"), field("spr")] }
        lines.append(version)
        // The line after the resource names a snapshot, of which there are none here.
        if version >= "2018-11-09" { lines += [field("sr"), ""] }
        if knowsScopes { lines.append(field("ses")) }
        if version >= "2013-08-15" { lines += ["rscc", "rscd", "rsce", "rscl", "rsct"].map(field) }
        return lines.joined(separator: "\n")
    }

    /// Whether the version has encryption scopes in what it signs.
    private var knowsScopes: Bool { field("sv") >= "2020-12-06" }

    private func field(_ name: String) -> String { fields[name] ?? "" }

    private func resource(_ account: String, _ container: String?, _ blob: String?) -> String? {
        guard let container else { return nil }
        let root = (field("sv") >= "2015-02-21" ? "/blob/" : "/") + account + "/" + container
        switch scope {
        case .container: return root
        case .blob: return blob.map { root + "/" + $0 }
        case .folder(let depth):
            let segments = (blob ?? "").split(separator: "/")
            return segments.count >= depth
                ? ([root] + segments.prefix(depth).map(String.init)).joined(separator: "/") : nil
        case .account: return nil
        }
    }
}

extension SharedAccessSignature {
    /// Checks when, how and from where the signature may be used.
    /// - Parameters:
    ///   - secure: whether the request came through TLS.
    ///   - client: the client's IP address, if it is known.
    /// - Throws: `unauthenticated`, saying which bound is broken.
    public func requireValid(at now: Date, secure: Bool, client: String?) throws {
        guard let expiry = Self.date(field("se")) else { throw Self.refusal("its expiry se is no ISO 8601 time") }
        guard now < expiry else { throw Self.refusal("it expired at \(field("se")); ask for a new one") }
        if let text = fields["st"], !text.isEmpty {
            guard let start = Self.date(text) else { throw Self.refusal("its start st is no ISO 8601 time") }
            guard now >= start else { throw Self.refusal("it begins only at \(text)") }
        }
        if fields["spr"] == "https", !secure { throw Self.refusal("it demands https") }
        if let range = fields["sip"], !range.isEmpty { try requireAddress(client, in: range) }
    }

    private func requireAddress(_ client: String?, in range: String) throws {
        func number(_ text: some StringProtocol) -> UInt32? {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
            guard parts.count == 4 else { return nil }
            return parts.reduce(UInt32?(0)) { sum, part in sum.flatMap { sum in part.map { sum << 8 | UInt32($0) } } }
        }
        let bounds = range.split(separator: "-").map { number($0) }
        guard let low = bounds.first ?? nil, let high = bounds.last ?? nil, let client = client.flatMap({ number($0) }),
            low <= client, client <= high
        else { throw Self.refusal("it is for the addresses \(range) alone") }
    }

    /// The forms of time that a signature may carry: with seconds or without, or a day alone.
    static func date(_ text: String) -> Date? {
        if let milliseconds = Timestamp.milliseconds(text) {
            return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        }
        if text.utf8.count == 17 { return date(String(text.dropLast()) + ":00Z") }
        return text.utf8.count == 10 ? date(text + "T00:00:00Z") : nil
    }
}

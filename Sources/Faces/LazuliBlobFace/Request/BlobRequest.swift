import Foundation
import HTTPTypes
import Hummingbird
import LazuliArtifacts
import LazuliResources

/// A request of the Blob service, read but not yet understood.
struct BlobRequest: Sendable {
    let method: HTTPRequest.Method
    /// As it came, percent-encoded, without the query: signatures cover it in this form.
    let path: String
    /// Names in lower case, decoded values, in the order they came.
    let query: [(name: String, value: String)]
    let headers: HTTPFields
    /// The `Host` header.
    let host: String
    /// Decoded; nil for a request about the account.
    let container: String?
    /// Decoded; nil for a request about the container or the account.
    let blob: String?
    let clientAddress: String?

    /// - Throws: `invalidArgument` if the path or the query is not percent-encoded UTF-8.
    init(_ request: Request, clientAddress: String?) throws {
        let target = request.head.path ?? "/"
        try self.init(
            method: request.method, target: target, headers: request.headers, host: request.head.authority ?? "",
            clientAddress: clientAddress)
    }

    /// - Parameter target: path and query as in a request line.
    init(
        method: HTTPRequest.Method, target: String, headers: HTTPFields, host: String, clientAddress: String?
    ) throws {
        self.method = method
        self.headers = headers
        self.host = host
        self.clientAddress = clientAddress
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "/")
        query = try parts.count == 2 ? Self.items(parts[1]) : []
        let names = path.drop(while: { $0 == "/" }).split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        container = try names.first.flatMap { $0.isEmpty ? nil : try Self.decoded($0) }
        blob = try names.count == 2 && !names[1].isEmpty ? Self.decoded(names[1]) : nil
    }

    /// The same request with another query.
    init(_ request: BlobRequest, query: [(name: String, value: String)]) {
        (method, path, headers, host) = (request.method, request.path, request.headers, request.host)
        (container, blob, clientAddress) = (request.container, request.blob, request.clientAddress)
        self.query = query
    }

    /// The first value of a query item.
    func item(_ name: String) -> String? { query.first { $0.name == name }?.value }

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    /// Values by lower-cased name; repeated headers joined by commas.
    var headersByName: [String: String] {
        Dictionary(headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { $0 + "," + $1 })
    }

    var queryByName: [String: String] {
        Dictionary(query.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The account in a host name of the cloud's form, `{account}.blob.…`; nil for any other host.
    var hostAccount: String? {
        let labels = host.split(separator: ".")
        return labels.count > 2 && labels[1] == "blob" ? labels[0].lowercased() : nil
    }

    private static func items(_ text: Substring) throws -> [(name: String, value: String)] {
        try text.split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (try decoded(pair[0]).lowercased(), pair.count == 2 ? try decoded(pair[1]) : "")
        }
    }

    /// Decodes once; a plus sign is a plus sign.
    private static func decoded(_ text: Substring) throws -> String {
        guard let decoded = text.removingPercentEncoding else {
            throw ServiceError(
                .invalidArgument, "\"\(text.prefix(120))\" is not percent-encoded UTF-8.", cause: "InvalidUri")
        }
        return decoded
    }
}

extension BlobRequest {
    /// The addressed container.
    /// - Throws: `invalidArgument` for an impossible name.
    func containerAddress(_ account: String) throws -> ContainerAddress {
        try ContainerAddress(account: account, container: container ?? "")
    }

    /// The addressed blob.
    ///
    /// Clients ask for `folder/` to learn whether a path is a file: no file here has such a name, so it is not found.
    /// - Throws: `invalidArgument` for a name that breaks the rules or would leave its container.
    func blobAddress(_ account: String) throws -> BlobAddress {
        let name = blob ?? ""
        if isReading, name.hasSuffix("/"), (try? BlobName(String(name.dropLast()))) != nil {
            throw BlobFault.blobNotFound.error("There is no blob named \(name): a folder is not a blob.")
        }
        return BlobAddress(in: try containerAddress(account), name: try BlobName(name))
    }

    private var isReading: Bool { method == .get || method == .head }

    var conditions: BlobConditions {
        BlobConditions(
            ifMatch: header("if-match"), ifNoneMatch: header("if-none-match"),
            ifModifiedSince: header("if-modified-since").flatMap(HTTPDate.date),
            ifUnmodifiedSince: header("if-unmodified-since").flatMap(HTTPDate.date))
    }

    private static let metadataPrefix = "x-ms-meta-"

    /// The `x-ms-meta-` headers, by the rest of their names in the case that the client wrote.
    /// - Throws: `invalidArgument` for a name that cannot stand in a listing.
    func metadata() throws -> [String: String] {
        var found: [String: String] = [:]
        for field in headers where field.name.canonicalName.hasPrefix(Self.metadataPrefix) {
            let name = String(field.name.rawName.dropFirst(Self.metadataPrefix.count))
            let isWord = name.allSatisfy { $0.isASCII && ($0 == "_" || $0.isLetter || $0.isNumber) }
            guard isWord, let first = name.first, !first.isNumber else {
                throw ServiceError(
                    .invalidArgument,
                    "The metadata name \"\(name)\" is refused. Use letters, digits and underscores, no digit first.",
                    target: field.name.rawName, cause: "InvalidMetadata")
            }
            found[name] = field.value
        }
        return found
    }

    /// The `x-ms-blob-…` headers that a blob keeps for its readers.
    var settings: ContentSettings {
        ContentSettings(
            type: header("x-ms-blob-content-type"), encoding: header("x-ms-blob-content-encoding"),
            language: header("x-ms-blob-content-language"), disposition: header("x-ms-blob-content-disposition"),
            cacheControl: header("x-ms-blob-cache-control"), md5: header("x-ms-blob-content-md5"))
    }

    /// A whole number in a header.
    /// - Throws: `invalidArgument` if there is something else.
    func number(_ name: String) throws -> Int64? {
        guard let text = header(name) else { return nil }
        guard let number = Int64(text), number >= 0 else {
            throw ServiceError(
                .invalidArgument, "The header \(name) is \"\(text)\" and should be a whole number.", target: name,
                cause: "InvalidHeaderValue")
        }
        return number
    }
}

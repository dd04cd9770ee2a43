import Foundation
import LazuliResources

/// The calls of the blob face that the command line needs.
public struct BlobClient: Sendable {
    public let container: BlobContainer
    let transport: Transport
    private let tokens: TokenSource

    /// The storage protocol's version, which tells the blob face that this is a storage call.
    static let version = "2025-11-05"

    public init(container: BlobContainer, transport: Transport, tokens: TokenSource) {
        self.container = container
        self.transport = transport
        self.tokens = tokens
    }

    /// The blob's properties, or nil if there is no such blob.
    public func properties(of name: String) async throws -> BlobProperties? {
        let answer = try await transport.send(request("HEAD", name))
        if answer.status == 404 { return nil }
        guard answer.isSuccess else { throw Self.error(in: answer, while: "looking for \(name)") }
        let prefix = "x-ms-meta-"
        let metadata = answer.headers.filter { $0.name.lowercased().hasPrefix(prefix) }
            .map { (String($0.name.lowercased().dropFirst(prefix.count)), $0.value) }
        return BlobProperties(
            size: answer.header("Content-Length").flatMap(Int64.init) ?? 0,
            metadata: Dictionary(metadata, uniquingKeysWith: { first, _ in first }))
    }

    /// Writes a whole blob in one request.
    public func put(_ bytes: [UInt8], at name: String) async throws {
        var request = try await request("PUT", name)
        request.headers.append(("x-ms-blob-type", "BlockBlob"))
        request.body = bytes
        try await expectSuccess(request, "writing \(name)")
    }

    func putBlock(_ bytes: [UInt8], id: String, of name: String) async throws {
        var request = try await request("PUT", name, query: [("comp", "block"), ("blockid", id)])
        request.body = bytes
        try await expectSuccess(request, "writing a block of \(name)")
    }

    func putBlockList(_ ids: [String], of name: String) async throws {
        var request = try await request("PUT", name, query: [("comp", "blocklist")])
        let blocks = ids.map { "<Latest>\($0)</Latest>" }.joined()
        request.body = Array("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>\(blocks)</BlockList>".utf8)
        request.headers.append(("Content-Type", "application/xml"))
        try await expectSuccess(request, "completing \(name)")
    }

    /// Replaces the blob's metadata.
    public func setMetadata(_ metadata: [(String, String)], of name: String) async throws {
        var request = try await request("PUT", name, query: [("comp", "metadata")])
        for (key, value) in metadata { request.headers.append(("x-ms-meta-" + key, value)) }
        try await expectSuccess(request, "marking \(name)")
    }

    /// The bytes `range` of a blob.
    public func read(_ range: Range<Int64>, of name: String) async throws -> [UInt8] {
        var request = try await request("GET", name)
        request.headers.append(("x-ms-range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        let answer = try await transport.send(request)
        guard answer.isSuccess else { throw Self.error(in: answer, while: "reading \(name)") }
        return answer.body
    }

    /// All blobs whose names begin with `prefix`, page after page.
    public func list(prefix: String) async throws -> [BlobItem] {
        var items: [BlobItem] = []
        var marker: String?
        repeat {
            var query = [("restype", "container"), ("comp", "list"), ("prefix", prefix)]
            if let marker { query.append(("marker", marker)) }
            let answer = try await transport.send(try await request("GET", nil, query: query))
            guard answer.isSuccess else { throw Self.error(in: answer, while: "listing \(prefix)") }
            let page = BlobListing(parsing: String(decoding: answer.body, as: UTF8.self))
            items += page.items
            marker = page.nextMarker
        } while marker != nil
        return items
    }

    func request(_ method: String, _ name: String?, query: [(String, String)] = []) async throws -> Request {
        var url = container.url
        if let name { url += "/" + PercentEncoding.path(name) }
        var items = query.map { $0.0 + "=" + PercentEncoding.query($0.1) }
        if let signature = container.signature { items.append(signature) }
        if !items.isEmpty { url += "?" + items.joined(separator: "&") }
        var request = Request(method, url, headers: [("x-ms-version", Self.version)])
        if container.signature == nil {
            request.headers.append(("Authorization", "Bearer " + (try await tokens.token())))
        }
        return request
    }

    private func expectSuccess(_ request: Request, _ deed: String) async throws {
        let answer = try await transport.send(request)
        guard answer.isSuccess else { throw Self.error(in: answer, while: deed) }
    }

    /// The storage protocol's errors are XML with `Code` and `Message`.
    static func error(in answer: Answer, while deed: String) -> ServiceError {
        let text = String(decoding: answer.body, as: UTF8.self)
        let code = XMLText.first("Code", in: text) ?? answer.header("x-ms-error-code") ?? "HTTP\(answer.status)"
        let reason = XMLText.first("Message", in: text) ?? "the storage answered \(answer.status) \(code)"
        return ServiceError(
            answer.status == 404 ? .notFound : ServiceError.Code(rawValue: code), "While \(deed): \(reason)")
    }
}

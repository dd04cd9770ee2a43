import Foundation
import HTTPTypes
import LazuliArtifacts

extension HTTPFields {
    /// Sets a header by its name; nil leaves it out.
    mutating func set(_ name: String, _ value: String?) {
        guard let value, let name = HTTPField.Name(name) else { return }
        self[name] = value
    }
}

/// The headers in which the Blob service tells of blobs and containers.
enum BlobHeaders {
    /// What every answer about one version of a blob carries.
    static func version(_ blob: BlobProperties) -> HTTPFields {
        var headers = HTTPFields()
        headers.set("ETag", blob.etag)
        headers.set("Last-Modified", HTTPDate.text(blob.lastModified))
        return headers
    }

    static func metadata(_ blob: BlobProperties, in headers: inout HTTPFields) {
        for (name, value) in blob.metadata { headers.set("x-ms-meta-" + name, value) }
    }

    /// What a reader of the blob gets.
    /// - Parameter signed: the query items of a shared access signature that replace headers.
    static func content(_ blob: BlobProperties, signed: [String: String]) -> HTTPFields {
        var headers = version(blob)
        headers.set("Content-Type", signed["rsct"] ?? blob.contentType)
        headers.set("Content-Encoding", signed["rsce"] ?? blob.settings.encoding)
        headers.set("Content-Language", signed["rscl"] ?? blob.settings.language)
        headers.set("Content-Disposition", signed["rscd"] ?? blob.settings.disposition)
        headers.set("Cache-Control", signed["rscc"] ?? blob.settings.cacheControl)
        headers.set("Accept-Ranges", "bytes")
        headers.set("x-ms-blob-type", blob.kind.rawValue)
        headers.set("x-ms-creation-time", HTTPDate.text(blob.createdAt))
        headers.set("x-ms-lease-status", "unlocked")
        headers.set("x-ms-lease-state", "available")
        if blob.kind == .append { headers.set("x-ms-blob-committed-block-count", String(blob.appendedBlocks)) }
        metadata(blob, in: &headers)
        return headers
    }

    static func container(_ container: ContainerProperties) -> HTTPFields {
        var headers = HTTPFields()
        headers.set("ETag", container.etag)
        headers.set("Last-Modified", HTTPDate.text(container.lastModified))
        headers.set("x-ms-lease-status", "unlocked")
        headers.set("x-ms-lease-state", "available")
        return headers
    }
}

public import Foundation

/// How a blob may be written.
public enum BlobKind: String, Sendable {
    case block = "BlockBlob"
    case append = "AppendBlob"
}

/// The headers that a blob keeps and gives back to its readers.
public struct ContentSettings: Sendable, Equatable {
    /// nil: told by the file's extension.
    public var type: String?
    public var encoding: String?
    public var language: String?
    public var disposition: String?
    public var cacheControl: String?
    /// Base64 of the MD5 that the uploader declared.
    public var md5: String?

    public init(
        type: String? = nil, encoding: String? = nil, language: String? = nil, disposition: String? = nil,
        cacheControl: String? = nil, md5: String? = nil
    ) {
        self.type = type
        self.encoding = encoding
        self.language = language
        self.disposition = disposition
        self.cacheControl = cacheControl
        self.md5 = md5
    }
}

/// What is known of a blob without reading it.
public struct BlobProperties: Sendable, Equatable {
    /// In bytes.
    public let size: Int64
    public let lastModified: Date
    public let createdAt: Date
    /// With its quotes; another one after every change of content, metadata or settings.
    public let etag: String
    public let kind: BlobKind
    public let settings: ContentSettings
    public let contentType: String
    /// By name, in the case that the uploader wrote.
    public let metadata: [String: String]
    /// How many blocks an append blob is made of; 0 for others.
    public let appendedBlocks: Int

    init(of name: BlobName, _ status: FileStatus, _ record: BlobRecord?) {
        size = status.size
        lastModified = Date(timeIntervalSince1970: Double(status.modified) / 1e9)
        createdAt = record.map { Date(timeIntervalSince1970: Double($0.created) / 1000) } ?? lastModified
        let revision = record?.revision ?? 0
        let parts = [UInt64(bitPattern: status.modified), status.inode, UInt64(status.size), UInt64(revision)]
        etag = "\"0x" + parts.map { String($0, radix: 16, uppercase: true) }.joined(separator: "-") + "\""
        kind = record?.kind ?? .block
        settings = record?.settings ?? ContentSettings()
        contentType = settings.type ?? ContentTypes.type(ofFile: name.text)
        metadata = record?.metadata ?? [:]
        appendedBlocks = record?.appendedBlocks ?? 0
    }
}

/// Content types of files that carry no recorded one.
enum ContentTypes {
    static let unknown = "application/octet-stream"

    private static let byExtension = [
        "csv": "text/csv", "html": "text/html", "ipynb": "application/json", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "js": "text/javascript", "json": "application/json", "log": "text/plain", "md": "text/markdown",
        "parquet": "application/vnd.apache.parquet", "pdf": "application/pdf", "png": "image/png",
        "py": "text/x-python",
        "svg": "image/svg+xml", "tsv": "text/tab-separated-values", "txt": "text/plain", "xml": "application/xml",
        "yaml": "application/yaml", "yml": "application/yaml", "zip": "application/zip",
    ]

    static func type(ofFile name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return unknown }
        return byExtension[name[name.index(after: dot)...].lowercased()] ?? unknown
    }
}

import Foundation
import LazuliResources

/// What a file cannot say of itself, bound to the content it was recorded for.
///
/// A job may rewrite a blob's file behind the store's back. Its record then no longer fits and is as good as gone:
/// uploaders skip content whose metadata says `upload_status=completed`, so stale metadata would lose data.
struct BlobRecord: Sendable, Equatable {
    /// Size and modification time: they survive a copy of the folder that keeps times, and no rewrite keeps them.
    var size: Int64
    var modified: Int64
    var kind = BlobKind.block
    var settings = ContentSettings()
    var metadata: [String: String] = [:]
    /// Milliseconds since 1970.
    var created: Int64
    /// Counts the changes of metadata and settings, for the ETag.
    var revision: Int64 = 0
    var appendedBlocks = 0
    var blocks: [CommittedBlock] = []

    func fits(_ status: FileStatus) -> Bool { size == status.size && modified == status.modified }

    mutating func bind(to status: FileStatus) {
        size = status.size
        modified = status.modified
    }

    /// Whether a file alone would tell the same.
    var isPlain: Bool {
        kind == .block && settings == ContentSettings() && metadata.isEmpty && revision == 0 && blocks.isEmpty
    }
}

/// A block of a blob that was committed by a list.
public struct CommittedBlock: Sendable, Equatable {
    public let id: BlockID
    /// In bytes.
    public let size: Int64
}

extension BlobRecord {
    var json: JSON {
        .object(dropping: [
            ("size", .integer(size)), ("modified", .integer(modified)), ("kind", .string(kind.rawValue)),
            ("contentType", settings.type.map(JSON.string)), ("contentEncoding", settings.encoding.map(JSON.string)),
            ("contentLanguage", settings.language.map(JSON.string)),
            ("contentDisposition", settings.disposition.map(JSON.string)),
            ("cacheControl", settings.cacheControl.map(JSON.string)), ("md5", settings.md5.map(JSON.string)),
            ("metadata", JSON(metadata)), ("created", .integer(created)), ("revision", .integer(revision)),
            ("appendedBlocks", JSON(appendedBlocks)),
            ("blocks", .array(blocks.map { [.string($0.id.text), .integer($0.size)] })),
        ])
    }

    /// - Returns: nil if this is no record, for instance one of a later release.
    init?(_ json: JSON) {
        guard let size = json["size"].integer, let modified = json["modified"].integer,
            let kind = json["kind"].string.flatMap(BlobKind.init(rawValue:)), let created = json["created"].integer
        else { return nil }
        self.init(size: Int64(size), modified: Int64(modified), kind: kind, created: Int64(created))
        settings = ContentSettings(
            type: json["contentType"].string, encoding: json["contentEncoding"].string,
            language: json["contentLanguage"].string, disposition: json["contentDisposition"].string,
            cacheControl: json["cacheControl"].string, md5: json["md5"].string)
        for (name, value) in json["metadata"].object?.pairs ?? [] { metadata[name] = value.string ?? "" }
        revision = Int64(json["revision"].integer ?? 0)
        appendedBlocks = json["appendedBlocks"].integer ?? 0
        for pair in json["blocks"].array ?? [] {
            guard let pair = pair.array, pair.count == 2, let size = pair[1].integer,
                let id = try? BlockID(pair[0].string ?? "")
            else { return nil }
            blocks.append(CommittedBlock(id: id, size: Int64(size)))
        }
    }
}

import Foundation
import LazuliResources

/// The file of a blob's records.
///
/// While a blob is replaced it holds two, one for the old content and one for the new: whichever file stands in the
/// blob's place, before or after a crash, the right record fits it.
struct Sidecar: Sendable {
    let url: URL
    let uploads: URL

    func records() -> [BlobRecord] {
        guard let bytes = try? Data(contentsOf: url), let json = try? JSON(parsing: bytes) else { return [] }
        return (json["records"].array ?? []).compactMap(BlobRecord.init)
    }

    func record(fitting status: FileStatus) -> BlobRecord? { records().last { $0.fits(status) } }

    /// Replaces the records; durable when this returns.
    func write(_ records: [BlobRecord]) throws {
        let document: JSON = ["records": .array(records.map(\.json))]
        let temporary = uploads.appending(path: UUID().uuidString).path
        let file = try OpenFile.create(at: temporary)
        do {
            try document.bytes.withUnsafeBytes(file.write)
            try file.synchronize()
            let folder = try Folder.make(url.deletingLastPathComponent())
            try FileFault.check("record a blob's metadata", url.path) {
                Int(renameat(AT_FDCWD, temporary, folder.handle.descriptor, url.lastPathComponent))
            }
            try folder.handle.synchronize()
        } catch {
            unlink(temporary)
            throw error
        }
    }

    func remove() { unlink(url.path) }
}

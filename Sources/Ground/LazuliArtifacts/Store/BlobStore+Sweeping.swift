import Foundation

extension BlobStore {
    /// How long an upload may take, from its start; what is older at the opening belongs to nobody.
    static let longestUpload: TimeInterval = 24 * 3600
    /// The Blob service forgets uncommitted blocks after a week.
    static let lifeOfUncommittedBlocks: TimeInterval = 7 * 24 * 3600

    /// Removes what broken uploads have left. Failing is no harm: the next opening tries again.
    func removeAbandonedUploads(now: Date = Date()) {
        for account in children(of: root) {
            let name = account.lastPathComponent
            for upload in children(of: layout.uploads(name)) where isOlder(upload, than: Self.longestUpload, now) {
                try? FileManager.default.removeItem(at: upload)
            }
            let blocks = layout.account(name).appending(path: StoreLayout.blocksFolder)
            for blob in children(of: blocks).flatMap(children)
            where isOlder(blob, than: Self.lifeOfUncommittedBlocks, now) {
                try? FileManager.default.removeItem(at: blob)
            }
        }
    }

    private func children(of folder: URL) -> [URL] {
        (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    }

    /// A folder is as old as the last change among its names.
    private func isOlder(_ url: URL, than age: TimeInterval, _ now: Date) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
        guard let modified = attributes?[.modificationDate] as? Date else { return false }
        return now.timeIntervalSince(modified) > age
    }
}

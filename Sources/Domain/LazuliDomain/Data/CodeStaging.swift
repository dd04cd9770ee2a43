public import Foundation
public import LazuliResources

/// Brings code snapshots to where programs run them.
public struct CodeStaging: Sendable {
    private let locator: DataLocator
    private let assets: any AssetCatalog

    public init(locator: DataLocator, assets: any AssetCatalog) {
        self.locator = locator
        self.assets = assets
    }

    /// Copies a snapshot, so that what a script changes in its folder does not change the snapshot.
    /// - Throws: `notFound` for a snapshot whose upload did not finish, `invalidArgument` for code that lies elsewhere.
    public func stage(_ codeID: String, in scope: WorkspaceScope, to folder: URL) async throws {
        let asset = try await assets.resolve(codeID, kind: .codes, in: scope)
        let address = asset.properties["codeUri"].string ?? ""
        guard case .here(let source) = try await locator.place(of: address, kind: .data, in: scope) else {
            throw ServiceError(.invalidArgument, "The code lies at \(address), which is not on this server.")
        }
        guard FileManager.default.fileExists(atPath: source.path) else {
            throw ServiceError(.notFound, "The code snapshot \(asset.id) has no files: its upload did not finish.")
        }
        try await DiskQueue.run {
            let files = FileManager.default
            for name in try files.contentsOfDirectory(atPath: source.path) {
                let target = folder.appendingPathComponent(name)
                if files.fileExists(atPath: target.path) { try files.removeItem(at: target) }
                try files.copyItem(at: source.appendingPathComponent(name), to: target)
            }
        }
    }
}

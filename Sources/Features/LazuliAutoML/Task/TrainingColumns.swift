import Foundation
import LazuliDomain
import LazuliResources
import LazuliTabular

/// The columns of a job's training data, where they can be had from its first row.
struct TrainingColumns: Sendable {
    let locator: DataLocator

    /// - Returns: nil where the data is elsewhere, not there yet, or cannot be read without more ado; what is wrong with it
    ///   then is for the experiment to say.
    func names(of data: JobData?, in scope: WorkspaceScope) async -> [String]? {
        guard let data, let place = try? await path(of: data.uri, in: scope),
            FileManager.default.fileExists(atPath: place)
        else { return nil }
        var source = TableSource()
        source.rowLimit = 1
        source.localPath = { uri in try await path(of: uri, in: scope) }
        return try? await source.read(path: place).table.columns.map(\.name)
    }

    /// Whether a file, or one of a folder, is Parquet.
    static func isParquet(_ place: URL) -> Bool {
        let below = FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)
        let files = [place] + (below?.compactMap { $0 as? URL } ?? [])
        return files.contains { ["parquet", "pq", "parq"].contains($0.pathExtension.lowercased()) }
    }

    private func path(of uri: String, in scope: WorkspaceScope) async throws -> String {
        guard case .here(let place) = try await locator.place(of: uri, kind: .data, in: scope) else {
            throw ServiceError(.invalidArgument, "\(uri) is not on this server.")
        }
        return place.path
    }
}

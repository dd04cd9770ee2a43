import Foundation
import LazuliDomain
import LazuliResources
import LazuliTabular

/// The tables of a job, as far as the server looks into them: the experiment reads them.
struct TaskTables: Sendable {
    let locator: DataLocator

    // MARK: - At submit

    /// The columns of a table, where they can be had from its first row.
    /// - Returns: nil where the data is elsewhere, not there yet, or cannot be read without more ado; what is wrong with it
    ///   then is for the experiment to say.
    func columns(of data: JobData?, in scope: WorkspaceScope) async -> [String]? {
        guard let data, let place = await path(of: data.uri, in: scope),
            FileManager.default.fileExists(atPath: place)
        else { return nil }
        let places = await places(ofAddressesIn: [URL(filePath: place)], in: scope)
        var source = TableSource()
        source.rowLimit = 1
        source.localPath = { address in
            guard let path = places[address] else { throw ServiceError(.notFound, "\(address) is not on this server.") }
            return path
        }
        return try? await source.read(path: place).table.columns.map(\.name)
    }

    // MARK: - At the start

    /// The paths of what the MLTable files of some tables name by URIs, as far as it is on this server.
    func places(ofAddressesIn tables: [URL], in scope: WorkspaceScope) async -> [String: String] {
        var places: [String: String] = [:]
        for table in tables where Self.isDescribed(table) {
            for address in (try? MLTableFile(path: table.path))?.addresses ?? [] {
                places[address] = await path(of: address, in: scope)
            }
        }
        return places
    }

    /// Whether a table is an MLTable file, or a folder with one.
    private static func isDescribed(_ table: URL) -> Bool {
        table.lastPathComponent == "MLTable"
            || FileManager.default.fileExists(atPath: table.appending(path: "MLTable").path)
    }

    /// Whether a file, or one of a folder, is Parquet.
    static func isParquet(_ path: String) -> Bool {
        let place = URL(filePath: path)
        let below = FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)
        let files = [place] + (below?.compactMap { $0 as? URL } ?? [])
        return files.contains { ["parquet", "pq", "parq"].contains($0.pathExtension.lowercased()) }
    }

    private func path(of uri: String, in scope: WorkspaceScope) async -> String? {
        guard case .here(let place)? = try? await locator.place(of: uri, kind: .data, in: scope) else { return nil }
        return place.path
    }
}

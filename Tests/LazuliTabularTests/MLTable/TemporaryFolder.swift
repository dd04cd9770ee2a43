import Foundation

@testable import LazuliTabular

/// A folder with files, which goes with the test that made it.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("lazuli-tabular-\(UUID().uuidString)").path

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read() async throws -> ReadTable { try await TableSource.read(path: path) }

    func fault() async -> TableFault? {
        do {
            _ = try await read()
            return nil
        } catch { return error as? TableFault }
    }
}

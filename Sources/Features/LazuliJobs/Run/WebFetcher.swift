import Foundation
import FoundationNetworking
import LazuliResources

/// Fetches inputs that lie on the web, after the rules for addresses that have a mirror.
struct WebFetcher: Sendable {
    let mirrors: [(prefix: String, replacement: String)]

    /// - Returns: the file, under its own name in the folder, or the mirror's file where it lies.
    /// - Throws: `notFound` with the address and the answer that came.
    func fetch(_ address: String, into folder: URL) async throws -> URL {
        let wanted = mirrored(address)
        if wanted.hasPrefix("file://") || wanted.hasPrefix("/") {
            let local = URL(fileURLWithPath: wanted.replacing("file://", with: ""))
            guard FileManager.default.fileExists(atPath: local.path) else {
                throw ServiceError(.notFound, "The mirror of \(address) is \(local.path), and there is nothing there.")
            }
            return local
        }
        guard let url = URL(string: wanted) else {
            throw ServiceError(.invalidArgument, "\"\(address)\" is not an address.", target: address)
        }
        let target = folder.appendingPathComponent(url.lastPathComponent.isEmpty ? "data" : url.lastPathComponent)
        if FileManager.default.fileExists(atPath: target.path) { return target }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let temporary = try await download(url, address)
        try FileManager.default.moveItem(at: temporary, to: target)
        return target
    }

    private func mirrored(_ address: String) -> String {
        guard let rule = mirrors.first(where: { address.hasPrefix($0.prefix) }) else { return address }
        return rule.replacement + address.dropFirst(rule.prefix.count)
    }

    private func download(_ url: URL, _ address: String) async throws -> URL {
        do {
            let (file, response) = try await URLSession.shared.download(from: url)
            let status = (response as? HTTPURLResponse)?.statusCode ?? 200
            guard status < 300 else {
                throw ServiceError(
                    .notFound, "\(address) answered with status \(status). Check the address and that it is public.",
                    target: address)
            }
            return file
        } catch let error as ServiceError {
            throw error
        } catch {
            throw ServiceError(
                .notFound,
                "\(address) could not be fetched (\(error.localizedDescription)). Without a way out, upload the "
                    + "data or set a mirror in settings.json.", target: address)
        }
    }
}

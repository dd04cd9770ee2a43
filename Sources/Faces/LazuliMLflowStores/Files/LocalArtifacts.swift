import Foundation

/// Finds the artifacts of a store among the folders of this machine.
public struct LocalArtifacts: Sendable {
    /// The folder that the caller named for artifacts which are not where the store says.
    let override: String?
    /// Folders from which relative paths may start, the likeliest first.
    let starts: [String]

    public init(override: String?, starts: [String]) {
        self.override = override
        self.starts = starts
    }

    static let proxyScheme = "mlflow-artifacts:"

    /// - Parameter tail: the last parts of the path, which stay when a store is moved: experiment, run, `artifacts`.
    func origin(of uri: String, tail: String) -> ArtifactOrigin {
        if let override, !tail.isEmpty, FolderReader.isFolder(override + "/" + tail) {
            return .folder(override + "/" + tail)
        }
        if uri.hasPrefix(Self.proxyScheme) {
            let path = Self.proxyPath(uri)
            let places = (override.map { [$0] } ?? []) + starts.map { $0 + "/mlartifacts" }
            let found = places.map { $0 + "/" + path }.first(where: FolderReader.isFolder)
            return .folder(found ?? (places.first ?? ".") + "/" + path)
        }
        guard let path = Self.localPath(uri) else { return .elsewhere(uri) }
        if path.hasPrefix("/") { return .folder(path) }
        let places = starts.map { $0 + "/" + path }
        return .folder(places.first(where: FolderReader.isFolder) ?? places.first ?? path)
    }

    /// The origin of an address that is nowhere else.
    public func origin(ofURI uri: String) -> ArtifactOrigin { origin(of: uri, tail: "") }

    /// The path of an address without its scheme and host.
    public static func proxyPath(_ uri: String) -> String {
        let rest = uri.dropFirst(proxyScheme.count)
        let path = rest.hasPrefix("//") ? rest.dropFirst(2).drop(while: { $0 != "/" }) : rest
        return path.split(separator: "/").joined(separator: "/")
    }

    /// The path of a `file:` address or of a plain path; nil for other addresses.
    public static func localPath(_ uri: String) -> String? {
        if uri.hasPrefix("file:") {
            let rest = uri.dropFirst("file:".count)
            let path = rest.hasPrefix("//") ? rest.dropFirst(2).drop(while: { $0 != "/" }) : rest
            return path.removingPercentEncoding ?? String(path)
        }
        guard let colon = uri.firstIndex(of: ":") else { return uri }
        let scheme = uri[..<colon]
        let isScheme =
            scheme.count > 1 && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        return isScheme ? nil : uri
    }

    public func files(at origin: ArtifactOrigin) -> [StoredFile] {
        guard case .folder(let folder) = origin else { return [] }
        if !FolderReader.isFolder(folder) { return [] }
        return FolderReader.files(folder).map { StoredFile(path: $0, size: FolderReader.size(folder + "/" + $0)) }
    }

    public func withFile(
        _ file: StoredFile, at origin: ArtifactOrigin, _ use: (String) async throws -> Void
    ) async throws {
        guard case .folder(let folder) = origin else { return }
        try await use(folder + "/" + file.path)
    }
}

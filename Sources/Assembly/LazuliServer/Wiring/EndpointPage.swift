import Foundation
import LazuliEnvironments
import LazuliResources
import LazuliStudio

/// The page of an endpoint: our own HTML, and Swagger UI beside it.
struct EndpointPage: Sendable {
    private let vendored: VendoredFiles?

    init(home: URL) {
        vendored = (try? VendoredPackage(manifest: StudioFiles.vendored)).map {
            VendoredFiles($0, name: "swagger-ui", home: home.path)
        }
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "png": "image/png",
    ]

    /// - Returns: nil when the page has no such file.
    @Sendable
    func file(_ name: String, of endpoint: String) async throws -> (bytes: [UInt8], type: String)? {
        let type = Self.types[name.split(separator: ".").last.map(String.init) ?? ""] ?? "application/octet-stream"
        if name == "index.html" { return (StudioFiles.endpointPage, type) }
        guard let vendored, vendored.names.contains(name) else { return nil }
        return (Array(try await vendored.file(name)), type)
    }
}

import Foundation
import LazuliEnvironments
import LazuliStudio

/// The page on which people try an endpoint: the program's own HTML, and Swagger UI as fetched from the package index.
struct EndpointPage: Sendable {
    private let library: VendoredFiles

    init(home: URL) throws {
        library = VendoredFiles(
            try VendoredPackage(manifest: StudioFiles.vendored), name: "swagger-ui", home: home.path)
    }

    /// A file by its name below the page's address; nil when there is none.
    func file(_ name: String) async throws -> (bytes: [UInt8], type: String)? {
        if name == "index.html" { return (StudioFiles.endpointPage, "text/html; charset=utf-8") }
        guard library.names.contains(name) else { return nil }
        return (Array(try await library.file(name)), Self.type(of: name))
    }

    private static func type(of name: String) -> String {
        switch (name as NSString).pathExtension {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "png": "image/png"
        default: "text/plain; charset=utf-8"
        }
    }
}

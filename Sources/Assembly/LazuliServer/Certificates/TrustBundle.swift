package import Foundation

/// The file that clients trust in place of their own list: the public roots, which they still need for everything
/// else they reach, and our authority behind them.
package enum TrustBundle {
    /// Where systems keep the public roots. `SSL_CERT_FILE` is not asked: under `lazuli env` it is our own bundle.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem", "/usr/lib/python3/dist-packages/certifi/cacert.pem",
    ]

    /// The system's list of public roots, then certifi's of an active Python environment.
    package static func publicRootFiles(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [URL] {
        var files = systemFiles.map { URL(filePath: $0) }
        if let python = environment["VIRTUAL_ENV"] {
            let library = URL(filePath: python).appending(path: "lib")
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: library.path)) ?? []
            files += versions.sorted().map { library.appending(path: "\($0)/site-packages/certifi/cacert.pem") }
        }
        return files
    }

    /// Writes the bundle from the first list that exists; a bundle that is right already is left alone.
    /// - Returns: whether public roots were found.
    static func refresh(_ bundle: URL, authorityPEM: String, from files: [URL]) throws -> Bool {
        let roots = files.lazy.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
            .first { $0.contains("BEGIN CERTIFICATE") }
        let parts = [roots, "# Lazuli's own authority\n" + authorityPEM].compactMap { $0 }
        let text = parts.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined(separator: "\n")
        if (try? String(contentsOf: bundle, encoding: .utf8)) != text {
            try PrivateFile.write(text, to: bundle, mode: 0o644)
        }
        return roots != nil
    }
}

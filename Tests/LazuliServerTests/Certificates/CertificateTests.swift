import Foundation
import LazuliServer
import Subprocess
import SystemPackage
import Testing

@Suite("Certificates of a state folder")
struct CertificateTests {
    private static let day: TimeInterval = 86_400

    private func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lazuli-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    /// Runs the openssl program in the state folder's `ca` folder.
    private func openssl(_ arguments: String, in home: URL) async throws -> (succeeds: Bool, output: String) {
        let result = try await Subprocess.run(
            .name("openssl"), arguments: Arguments(arguments.split(separator: " ").map(String.init)),
            workingDirectory: FilePath(home.appending(path: "ca").path), output: .string(limit: 1 << 20),
            error: .combinedWithOutput)
        return (result.terminationStatus.isSuccess, result.standardOutput)
    }

    @Test(
        "OpenSSL's strict rules accept the leaf for each local name and no other",
        arguments: [
            ("-verify_hostname localhost", true), ("-verify_ip 127.0.0.1", true), ("-verify_ip ::1", true),
            ("-verify_hostname lab.example", true), ("-verify_ip 192.0.2.7", true),
            ("-verify_hostname example.com", false), ("-verify_ip 127.0.0.2", false),
        ])
    func strict(name: String, isServed: Bool) async throws {
        try await withFolder { home in
            _ = try ServerCertificates.open(in: home, names: ["lab.example", "192.0.2.7", "0.0.0.0", "LOCALHOST"])
            let result = try await openssl(
                "verify -x509_strict -purpose sslserver -CAfile ca.pem \(name) leaf.pem", in: home)
            #expect(result.succeeds == isServed, "\(result.output)")
        }
    }

    @Test("The authority is critical CA:TRUE with keyCertSign, the leaf is for servers and names its issuer's key")
    func extensions() async throws {
        try await withFolder { home in
            _ = try ServerCertificates.open(in: home)
            let authority = try await openssl("x509 -in ca.pem -noout -text", in: home).output
            #expect(authority.contains("X509v3 Basic Constraints: critical\n                CA:TRUE"))
            #expect(authority.contains("Certificate Sign"))
            let leaf = try await openssl("x509 -in leaf.pem -noout -text", in: home).output
            for part in [
                "TLS Web Server Authentication", "X509v3 Authority Key Identifier", "X509v3 Subject Key Identifier",
                "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1", "ecdsa-with-SHA256",
            ] { #expect(leaf.contains(part), "\(part)") }
        }
    }

    @Test("The second start finds everything as it was")
    func stable() async throws {
        try await withFolder { home in
            let first = try ServerCertificates.open(in: home), second = try ServerCertificates.open(in: home)
            #expect(first.chainPEM == second.chainPEM)
            #expect(first.keyPEM == second.keyPEM)
        }
    }

    @Test("The leaf is renewed near its end, for other names and when its files are damaged; the authority stays")
    func renewal() async throws {
        try await withFolder { home in
            let start = Date()
            let ca = home.appending(path: "ca")
            func leaf(_ names: [String] = [], after days: Double = 0) throws -> String {
                try ServerCertificates.open(in: home, names: names, now: start.addingTimeInterval(days * Self.day))
                    .chainPEM
            }
            let authority = { try String(contentsOf: ca.appending(path: "ca.pem"), encoding: .utf8) }
            let first = try leaf(), root = try authority()
            #expect(try leaf(after: 330) == first)
            #expect(try leaf(after: 340) != first)
            let named = try leaf(["lab.example"], after: 340)
            #expect(try leaf(["lab.example"], after: 340) == named)
            #expect(try leaf(["lab.example", "[::1]"], after: 340) == named)
            try Data("junk".utf8).write(to: ca.appending(path: "leaf.key"))
            let mended = try leaf(["lab.example"], after: 340)
            #expect(mended != named)
            #expect(try authority() == root)
            try FileManager.default.removeItem(at: ca.appending(path: "ca.key"))
            #expect(try leaf(["lab.example"], after: 340) != mended)
            #expect(try authority() != root)
            let check = try await openssl("verify -x509_strict -no_check_time -CAfile ca.pem leaf.pem", in: home)
            #expect(check.succeeds, "\(check.output)")
        }
    }

    @Test("Keys are the owner's alone")
    func modes() async throws {
        try await withFolder { home in
            _ = try ServerCertificates.open(in: home)
            for (name, mode) in [("ca/ca.key", 0o600), ("ca/leaf.key", 0o600), ("ca", 0o700)] {
                let path = home.appending(path: name).path
                #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
            }
        }
    }

    @Test("The bundle holds the public roots and our authority, follows them, and says when there are none")
    func bundle() async throws {
        try await withFolder { home in
            let roots = home.appending(path: "roots.pem")
            try Data("-----BEGIN CERTIFICATE-----\npublic\n-----END CERTIFICATE-----".utf8).write(to: roots)
            let missing = home.appending(path: "missing.pem")
            let made = try ServerCertificates.open(in: home, publicRoots: [missing, roots])
            let text = try String(contentsOfFile: made.bundlePath, encoding: .utf8)
            let authority = try String(contentsOfFile: made.authorityPath, encoding: .utf8)
            #expect(made.bundleHasPublicRoots)
            #expect(text.hasPrefix("-----BEGIN CERTIFICATE-----\npublic\n-----END CERTIFICATE-----\n"))
            #expect(text.contains(authority))
            let bare = try ServerCertificates.open(in: home, publicRoots: [missing])
            #expect(!bare.bundleHasPublicRoots)
            #expect(try !String(contentsOfFile: bare.bundlePath, encoding: .utf8).contains("public"))
        }
    }

    @Test("The list of public roots is never our own bundle")
    func rootFiles() {
        let files = TrustBundle.publicRootFiles(environment: ["SSL_CERT_FILE": "/x/ca/bundle.pem"])
        #expect(!files.map(\.path).contains("/x/ca/bundle.pem"))
        #expect(!files.isEmpty)
    }
}

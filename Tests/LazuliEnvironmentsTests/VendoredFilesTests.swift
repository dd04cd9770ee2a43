import Foundation
import LazuliEnvironments
import LazuliResources
import LazuliStudio
import Testing

/// A stand-in for uv that "installs" a wheel by making its files, and counts how often it is asked.
private struct FakeIndex {
    let home: URL
    private let script: URL

    init(content: String, exitCode: Int = 0) throws {
        home = FileManager.default.temporaryDirectory.appending(path: "vendored-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        script = home.appending(path: "uv")
        let text = """
            #!/bin/sh
            echo asked >> \(home.path)/asked
            while [ "$1" != "--target" ]; do shift; done
            mkdir -p "$2/static" && printf '%s' '\(content)' > "$2/static/page.js"
            echo 'no way to the index' >&2
            exit \(exitCode)
            """
        try text.write(to: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    }

    func files() throws -> VendoredFiles {
        // The hash is that of "lapis".
        let manifest = """
            {"library": "Pages 1", "licence": "MIT", "package": "pages", "version": "1", "wheel": "00",
             "folder": "static",
             "files": {"page.js": "\(Self.lapis)"}}
            """
        var variables = ProcessInfo.processInfo.environment
        variables["LAZULI_UV"] = script.path
        return VendoredFiles(
            try VendoredPackage(manifest: Array(manifest.utf8)), name: "pages", home: home.path, variables: variables)
    }

    var timesAsked: Int {
        let text = (try? String(contentsOf: home.appending(path: "asked"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").count
    }

    private static let lapis = "03e4f7cf9317923e0a8cb2fa6914923c035fd9d8f447dea162e7ffc50904585e"
}

@Suite("Files that are fetched from the package index")
struct VendoredFilesTests {
    @Test("A file is fetched once, by all who wait for it, and kept for the next start")
    func once() async throws {
        let index = try FakeIndex(content: "lapis")
        let files = try index.files()
        async let first = files.file("page.js")
        async let second = files.file("page.js")
        #expect(try await [first, second] == [Data("lapis".utf8), Data("lapis".utf8)])
        #expect(try await index.files().file("page.js") == Data("lapis".utf8))
        #expect(index.timesAsked == 1)
    }

    @Test("A file that is not what the manifest says is refused, wherever it comes from")
    func wrong() async throws {
        let files = try FakeIndex(content: "something else").files()
        let error = await #expect(throws: ServiceError.self) { try await files.file("page.js") }
        #expect(error?.message.contains("not the file that the manifest names") == true)
    }

    @Test("A file that was changed in the state folder is fetched again")
    func changed() async throws {
        let index = try FakeIndex(content: "lapis")
        _ = try await index.files().file("page.js")
        try Data("spoilt".utf8).write(to: index.home.appending(path: "tools/pages/1/page.js"))
        #expect(try await index.files().file("page.js") == Data("lapis".utf8))
        #expect(index.timesAsked == 2)
    }

    @Test("Without a way to the index the reason is told, and it is not asked again at once")
    func offline() async throws {
        let index = try FakeIndex(content: "lapis", exitCode: 2)
        let files = try index.files()
        for _ in 0..<3 {
            let error = await #expect(throws: ServiceError.self) { try await files.file("page.js") }
            #expect(error?.message.contains("no way to the index") == true)
        }
        #expect(index.timesAsked == 1)
    }

    @Test("A name that the manifest does not have is not found", arguments: ["../uv", "other.js", ""])
    func unknown(name: String) async throws {
        let index = try FakeIndex(content: "lapis")
        let error = await #expect(throws: ServiceError.self) { try await index.files().file(name) }
        #expect(error?.code == .notFound)
        #expect(index.timesAsked == 0)
    }

    @Test("The program's own manifest can be read, and lists what its page refers to")
    func own() throws {
        let package = try VendoredPackage(manifest: StudioFiles.vendored)
        let names = VendoredFiles(package, name: "swagger-ui", home: "/nowhere").names
        let page = String(decoding: StudioFiles.endpointPage, as: UTF8.self)
        for name in ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"] {
            #expect(names.contains(name) && page.contains("\"\(name)\""))
        }
    }
}

public import Foundation
import LazuliResources

/// Keeps the libraries that score models without Python: each is fetched once, when it is first needed.
///
///     <home>/tools/native/<library>-<version>/       complete if it is there; laid out as its wheel is
public struct NativeLibraryStore: Sendable {
    private let home: String
    private let settings: EnvironmentSettings
    private static let secondsAllowed: Double = 600

    public init(home: URL, settings: EnvironmentSettings = EnvironmentSettings()) {
        self.home = home.path
        self.settings = settings
    }

    private var root: String { "\(home)/tools/native" }

    private func target(_ wheel: NativeWheel) -> String { "\(root)/\(wheel.rawValue)-\(wheel.version)" }

    /// The library's folder if it is there, without waiting for anything.
    public func cached(_ wheel: NativeWheel) -> String? {
        FileManager.default.fileExists(atPath: target(wheel)) ? target(wheel) : nil
    }

    /// The library's folder; the library is fetched if need be. Servers that share a home wait for each other.
    ///
    /// - Throws: `ServiceError` that says what to do, for instance where the package index cannot be reached.
    public func folder(of wheel: NativeWheel) async throws -> String {
        if let folder = cached(wheel) { return folder }
        do {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        } catch {
            throw ServiceError(.internalError, "The folder \(root) cannot be made.", cause: "\(error)")
        }
        let lock = try await FolderLock.acquire("\(root)/.lock-\(wheel.rawValue)") {}
        defer { withExtendedLifetime(lock) {} }
        if let folder = cached(wheel) { return folder }
        let draft = "\(root)/.fetching-\(wheel.rawValue)"
        try? FileManager.default.removeItem(atPath: draft)
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try await fetch(wheel, into: draft)
        try keep(wheel, from: "\(draft)/wheel", in: "\(draft)/kept")
        try FileManager.default.moveItem(atPath: "\(draft)/kept", toPath: target(wheel))
        return target(wheel)
    }

    /// The command `duckdb`; it is fetched if need be.
    ///
    /// - Throws: as `folder(of:)` does.
    public func duckdb() async throws -> String { "\(try await folder(of: .duckdb))/duckdb_cli/duckdb" }

    private func fetch(_ wheel: NativeWheel, into draft: String) async throws {
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        let requirements = "\(draft)/requirements.txt"
        try Data((wheel.requirement(.current) + "\n").utf8).write(to: URL(fileURLWithPath: requirements))
        let interpreters = settings.interpreters ?? .discover(variables: settings.variables)
        let path = try settings.uvPath ?? UvTool.find(home: home, variables: settings.variables)
        let uv = UvTool(path: path, cacheFolder: "\(home)/uv-cache", variables: settings.variables)
        let result = try await uv.run(
            [
                "pip", "install", "--target", "\(draft)/wheel", "--no-deps", "--require-hashes", "--only-binary",
                ":all:",
                "--link-mode", "copy", "--python", try interpreters.choose(nil).interpreter.path,
                "--python-version", NativeWheel.python, "--python-platform", NativeWheel.Platform.current.rawValue,
                "--requirement", requirements,
            ], secondsAllowed: Self.secondsAllowed)
        guard result.exitCode != 0 else { return }
        throw failure(of: wheel, result)
    }

    private func failure(of wheel: NativeWheel, _ result: ToolResult) -> ServiceError {
        let complaint = UvComplaint(messages: result.messages), name = "\(wheel.package) \(wheel.version)"
        let remedy = "\(wheel.purpose) when it is there: run `lazuli native install \(wheel.rawValue)`"
        if result.ranOutOfTime || complaint.kind == .indexUnreachable {
            return ServiceError(
                .internalError,
                "The library \(name) could not be downloaded: the package index was not reached. \(remedy) "
                    + "with the network, or copy the folder \(root) from a machine that has it.",
                cause: complaint.explanation)
        }
        return ServiceError(
            .internalError, "The library \(name) could not be fetched. \(complaint.explanation) \(remedy).",
            cause: result.messages.joined(separator: "\n"))
    }

    /// Copies the library's own files and its licence; the Python around them is twice their size.
    private func keep(_ wheel: NativeWheel, from source: String, in kept: String) throws {
        let files = FileManager.default
        for pattern in wheel.kept {
            let folder = (pattern as NSString).deletingLastPathComponent
            let beginning = (pattern as NSString).lastPathComponent
            let names = (try? files.contentsOfDirectory(atPath: "\(source)/\(folder)")) ?? []
            guard let name = names.filter({ $0.hasPrefix(beginning) }).min() else {
                throw ServiceError(
                    .internalError, "The wheel \(wheel.package) \(wheel.version) holds no file \(pattern).")
            }
            try files.createDirectory(atPath: "\(kept)/\(folder)", withIntermediateDirectories: true)
            try files.moveItem(atPath: "\(source)/\(folder)/\(name)", toPath: "\(kept)/\(folder)/\(name)")
        }
        for name in try files.contentsOfDirectory(atPath: source) where name.hasSuffix(".dist-info") {
            try files.moveItem(atPath: "\(source)/\(name)", toPath: "\(kept)/\(name)")
        }
    }
}

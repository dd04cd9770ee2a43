public import Foundation
import LazuliResources

/// The files of a vendored package: fetched at the first wish, kept in the state folder, checked by hash whenever they
/// are read from it, and held in memory from then on.
public actor VendoredFiles {
    private let package: VendoredPackage
    /// `<home>/tools/<name of this library>/<version>`.
    private let folder: URL
    private let home: String
    private let variables: [String: String]
    private var held: [String: Data] = [:]
    private var fetching: Task<Void, any Error>?
    /// When fetching failed last, and why.
    private var failure: (at: ContinuousClock.Instant, error: ServiceError)?

    /// How long a machine without a way to the index is not asked again.
    private static let patience = Duration.seconds(60)
    /// Seconds a fetch may take.
    private static let longestFetch = 120.0

    /// - Parameters:
    ///   - name: the folder below `<home>/tools`.
    ///   - variables: the environment, which says where uv, Python and the package index are.
    public init(
        _ package: VendoredPackage, name: String, home: String,
        variables: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.package = package
        self.home = home
        self.variables = variables
        folder = URL(filePath: home).appending(path: "tools/\(name)/\(package.version)")
    }

    /// The names that can be asked for.
    public nonisolated var names: Set<String> { Set(package.files.keys) }

    /// The bytes of a file.
    /// - Throws: `notFound` for a name that the manifest does not have; `ServiceUnavailable` when the package cannot be
    ///   fetched, or is not what the manifest says.
    public func file(_ name: String) async throws -> Data {
        guard names.contains(name) else {
            throw ServiceError(.notFound, "\(package.library) has no file \(name) here.")
        }
        if let data = held[name] ?? read(name) { return data }
        try await fetch()
        guard let data = read(name) else {
            throw unavailable("\(folder.path)/\(name) is not the file that its manifest names")
        }
        return data
    }

    private func read(_ name: String) -> Data? {
        guard let data = try? Data(contentsOf: folder.appending(path: name)), package.holds(data, as: name) else {
            return nil
        }
        held[name] = data
        return data
    }

    // MARK: Fetching

    /// All who wait share one fetch.
    private func fetch() async throws {
        if let failure, failure.at.duration(to: .now) < Self.patience { throw failure.error }
        let task = fetching ?? Task { try await install() }
        fetching = task
        defer { fetching = nil }
        do {
            try await task.value
        } catch let error as ServiceError {
            failure = (.now, error)
            throw error
        }
    }

    private func install() async throws {
        let tools = folder.deletingLastPathComponent()
        let draft = tools.appending(path: "draft-\(UUID().uuidString)")
        try make(draft)
        defer { try? FileManager.default.removeItem(at: draft) }
        let list = draft.appending(path: "requirements.txt")
        try package.requirement.write(to: list, atomically: true, encoding: .utf8)
        try await install(list, into: draft.appending(path: "wheel"))
        try take(from: draft.appending(path: "wheel/\(package.folder)"))
    }

    private func install(_ list: URL, into target: URL) async throws {
        let python = try PythonInterpreters.discover(variables: variables).choose(nil).interpreter.path
        let uv = UvTool(
            path: try UvTool.find(home: home, variables: variables), cacheFolder: "\(home)/uv-cache",
            variables: variables)
        let result = try await uv.run(
            [
                "pip", "install", "--python", python, "--target", target.path, "--no-deps", "--require-hashes",
                "--only-binary", ":all:", "-r", list.path,
            ], secondsAllowed: Self.longestFetch)
        guard result.exitCode == 0, !result.ranOutOfTime else {
            throw unavailable(result.messages.last { !$0.trimmed.isEmpty } ?? "uv gave no reason")
        }
    }

    private func take(from wheel: URL) throws {
        try make(folder)
        for name in names {
            guard let data = try? Data(contentsOf: wheel.appending(path: name)), package.holds(data, as: name) else {
                throw unavailable("the package's \(name) is not the file that the manifest names")
            }
            try data.write(to: folder.appending(path: name), options: .atomic)
        }
    }

    private func make(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ServiceError(.internalError, "The folder \(folder.path) cannot be made.", cause: "\(error)")
        }
    }

    private func unavailable(_ reason: String) -> ServiceError {
        ServiceError(
            ServiceError.Code(rawValue: "ServiceUnavailable"),
            "\(package.library) could not be fetched from the package index: \(reason)")
    }
}

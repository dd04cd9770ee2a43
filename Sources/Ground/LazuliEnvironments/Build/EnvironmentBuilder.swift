public import Foundation
import Glibc
public import LazuliResources
import Synchronization

public struct EnvironmentSettings: Sendable {
    /// Nil: found by itself, see `UvTool.find`.
    public var uvPath: String?
    /// Nil: those of this machine.
    public var interpreters: PythonInterpreters?
    /// Variables of the server; the way to the package index is taken from them.
    public var variables: [String: String] = ProcessInfo.processInfo.environment
    public var resolveSeconds: Double = 60
    public var buildSeconds: Double = 1800

    public init() {}
}

/// Makes Python environments and keeps them: the same content is built once, and shared.
///
///     <home>/environments/<hash>/       an environment, complete if `lazuli-environment.json` is in it
///     <home>/environments/<hash>.log    what its build said
///     <home>/uv-cache/                  packages, hard-linked into the environments
public actor EnvironmentBuilder {
    private let home: String
    private let settings: EnvironmentSettings
    private let interpreters: PythonInterpreters
    private let known = Mutex<[EnvironmentSpecification: PythonEnvironment]>([:])
    private var builds: [String: (task: Task<PythonEnvironment, any Error>, log: BuildLog)] = [:]

    public init(home: URL, settings: EnvironmentSettings = EnvironmentSettings()) {
        self.home = home.path
        self.settings = settings
        interpreters = settings.interpreters ?? .discover(variables: settings.variables)
    }

    /// The environment if it is ready, without waiting for anything: after the first time a look into memory and one
    /// at the folder.
    public nonisolated func cached(for specification: EnvironmentSpecification) -> PythonEnvironment? {
        if let found = known.withLock({ $0[specification] }), access(found.python, X_OK) == 0 { return found }
        guard let choice = try? interpreters.choose(specification.python) else { return nil }
        let id = EnvironmentHash.of(specification, python: choice.interpreter.version)
        let notices = EnvironmentBuilder.notices(specification, choice)
        guard let found = PythonEnvironment(id: id, folder: "\(root)/\(id)", notices: notices, wasCached: true) else {
            return nil
        }
        known.withLock { $0[specification] = found }
        return found
    }

    /// The environment, built if need be. Whoever asks for one that is being built waits for the same build.
    ///
    /// - Parameter onLine: gets the lines of the build as they come, from any thread.
    /// - Throws: `invalidArgument` for packages that cannot be had together, `insufficientStorage` for a full disk.
    public func environment(
        for specification: EnvironmentSpecification, onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> PythonEnvironment {
        if let found = cached(for: specification) { return found }
        let choice = try interpreters.choose(specification.python)
        let id = EnvironmentHash.of(specification, python: choice.interpreter.version)
        let notices = EnvironmentBuilder.notices(specification, choice)
        for notice in notices { onLine("Note: \(notice)") }
        let build = try builds[id] ?? start(id, specification, choice)
        build.log.listen(onLine)
        defer { if builds[id]?.task == build.task { builds[id] = nil } }
        var environment = try await build.task.value
        environment.notices = notices + environment.notices
        return environment
    }

    /// Where the log of a build is, whether it succeeded or not.
    public nonisolated func logPath(for specification: EnvironmentSpecification) throws(ServiceError) -> String {
        let choice = try interpreters.choose(specification.python)
        return logPath(EnvironmentHash.of(specification, python: choice.interpreter.version))
    }

    /// The build outlives a caller that gives up, because others may wait for it; every caller awaits this one task.
    private func start(
        _ id: String, _ specification: EnvironmentSpecification, _ choice: PythonInterpreters.Choice
    ) throws -> (task: Task<PythonEnvironment, any Error>, log: BuildLog) {
        let path = try settings.uvPath ?? UvTool.find(home: home, variables: settings.variables)
        do {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        } catch {
            throw ServiceError(.internalError, "The folder \(root) cannot be made.", cause: "\(error)")
        }
        let log = BuildLog(path: logPath(id))
        let uv = UvTool(path: path, cacheFolder: "\(home)/uv-cache", variables: settings.variables)
        let build = EnvironmentBuild(
            id: id, specification: specification, choice: choice, uv: uv, settings: settings, root: root, log: log)
        let started = (task: Task { try await build.perform() }, log: log)
        builds[id] = started
        return started
    }

    private nonisolated var root: String { "\(home)/environments" }

    private nonisolated func logPath(_ id: String) -> String { "\(root)/\(id).log" }

    private static func notices(
        _ specification: EnvironmentSpecification, _ choice: PythonInterpreters.Choice
    ) -> [String] {
        specification.notices + [choice.substitution].compactMap { $0 }
    }
}

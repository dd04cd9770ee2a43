import Foundation
import LazuliResources

/// One build, from the lock to the renamed folder.
struct EnvironmentBuild {
    let id: String
    let specification: EnvironmentSpecification
    let choice: PythonInterpreters.Choice
    let uv: UvTool
    let settings: EnvironmentSettings
    /// Holds all environments.
    let root: String
    let log: BuildLog

    private var target: String { "\(root)/\(id)" }
    private var draft: String { "\(root)/.building-\(id)-\(ProcessInfo.processInfo.processIdentifier)" }

    func perform() async throws -> PythonEnvironment {
        let lock = try await FolderLock.acquire("\(root)/.lock-\(id)") {
            log.write("Another server is building this environment; waiting for it.")
        }
        defer { withExtendedLifetime(lock) {} }
        if let ready = PythonEnvironment(id: id, folder: target, notices: []) { return ready }
        removeRemains()
        defer { try? FileManager.default.removeItem(atPath: draft) }
        do {
            try await build()
        } catch {
            log.write("Failed: \(error)")
            throw error
        }
        guard let ready = PythonEnvironment(id: id, folder: target, notices: []) else {
            throw ServiceError(
                .internalError, "The environment \(id) was built but cannot be read back.", target: target)
        }
        return ready
    }

    private func build() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        log.write(
            "Resolving \(specification.requirements.count) requirements for Python \(choice.interpreter.version).")
        let resolver = DependencyResolver(
            uv: uv, choice: choice, folder: draft, secondsAllowed: settings.resolveSeconds, onLine: log.write)
        let resolution = try await resolver.resolve(specification)
        log.write("Resolved \(resolution.lock.count) packages.")
        for notice in resolution.notices { log.write("Note: \(notice)") }

        let environment = "\(draft)/environment"
        let lockFile = "\(draft)/packages.lock"
        try Data(resolution.lock.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: lockFile))
        // Relocatable: the folder is renamed when it is complete, and the whole state folder may be moved later.
        try await step(["venv", "--relocatable", "--python", choice.interpreter.path, environment], resolution)
        if !resolution.lock.isEmpty { try await install(lockFile, into: environment, resolution) }
        try FileManager.default.moveItem(atPath: lockFile, toPath: "\(environment)/packages.lock")

        let seconds =
            Double((clock.now - start).components.seconds)
            + Double((clock.now - start).components.attoseconds) / 1e18
        let marker = EnvironmentMarker(
            python: choice.interpreter.version, interpreter: choice.interpreter.path,
            requirements: specification.requirements, lock: resolution.lock, notices: resolution.notices,
            uvVersion: await uv.version(), buildSeconds: seconds, builtAt: Date().formatted(.iso8601))
        try marker.write(to: environment)
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.moveItem(atPath: environment, toPath: target)
        log.write("The environment is ready.")
    }

    /// Byte code is not compiled: for scikit-learn, pandas and MLflow that took 16 s on two cores and would make every
    /// environment 100 MB larger, while the first job that imports them loses about 6 s once and compiles only its own.
    private func install(
        _ lockFile: String, into environment: String, _ resolution: DependencyResolver.Resolution
    ) async throws {
        var arguments = [
            "pip", "sync", "--python", "\(environment)/bin/python", "--link-mode", "hardlink", "--only-binary", ":all:",
        ]
        for name in resolution.fromSource { arguments += ["--no-binary", name] }
        for index in specification.extraIndexes { arguments += ["--extra-index-url", index] }
        try await step(arguments + [lockFile], resolution)
    }

    private func step(_ arguments: [String], _ resolution: DependencyResolver.Resolution) async throws {
        let result = try await uv.run(arguments, secondsAllowed: settings.buildSeconds, onLine: log.write)
        guard result.exitCode != 0 else { return }
        let complaint = UvComplaint(messages: result.messages)
        if result.ranOutOfTime {
            throw ServiceError(
                .internalError, "Building the environment took longer than \(Int(settings.buildSeconds)) seconds.",
                cause: complaint.explanation)
        }
        if result.messages.contains(where: { $0.contains("No space left") }) {
            throw ServiceError(.insufficientStorage, "The disk is full; the environment could not be built in \(root).")
        }
        if complaint.kind == .indexUnreachable {
            throw ServiceError(
                .internalError,
                "Packages could not be downloaded. Check the network and its proxy settings, then try again.",
                cause: complaint.explanation)
        }
        throw ServiceError(
            .invalidArgument, "The packages could not be installed. \(complaint.explanation)", target: "condaFile",
            cause: result.messages.joined(separator: "\n"))
    }

    /// What a killed server left of this very environment; the lock says nobody works on it.
    private func removeRemains() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for name in names where name.hasPrefix(".building-\(id)-") {
            try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
        }
    }
}

extension PythonEnvironment {
    /// The environment in a folder, if it is complete and its interpreter is still on this machine.
    init?(id: String, folder: String, notices: [String], wasCached: Bool = false) {
        guard let marker = EnvironmentMarker(folder: folder),
            FileManager.default.isExecutableFile(atPath: "\(folder)/bin/python")
        else { return nil }
        self.init(
            id: id, folder: folder, pythonVersion: marker.python, notices: notices + marker.notices,
            wasCached: wasCached, buildSeconds: marker.buildSeconds)
    }
}

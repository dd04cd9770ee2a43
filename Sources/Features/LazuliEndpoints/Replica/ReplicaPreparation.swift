import Foundation
import LazuliDomain
import LazuliProcesses
import LazuliResources

/// Puts a deployment's code, model and environment in their places, and says how its replicas are started.
struct ReplicaPreparation: Sendable {
    let settings: EndpointSettings
    let code: CodeStaging

    /// - Parameter log: gets what is done, line by line.
    /// - Returns: how to start replicas; the same content prepared before is found again.
    func launch(
        _ deployment: OnlineDeployment, _ parts: DeploymentParts, id: DeploymentID, in folder: GenerationFolder,
        log: LineLog
    ) async throws -> ReplicaLaunch {
        if let kept = try? JSON(parsing: Data(contentsOf: folder.launch)), let launch = ReplicaLaunch(json: kept) {
            // The environment may have been removed since: it is made again then, and costs nothing if it is there.
            if parts.host.isNative || FileManager.default.fileExists(atPath: launch.executable) { return launch }
        }
        let files = FileManager.default
        try? files.removeItem(at: folder.root)
        for place in [folder.code, folder.models, folder.replicas] {
            try files.createDirectory(at: place, withIntermediateDirectories: true)
        }
        if let asset = parts.code { try await code.stage(asset.id, in: id.scope, to: folder.code) }
        let model = try parts.model.map { try Self.link($0, below: folder.models) }
        let launch = try await assembled(deployment, parts, model, id, folder, log)
        try StateFile.replace(folder.launch.path, with: launch.json, mode: 0o600, durable: false)
        return launch
    }

    // MARK: - The model

    private struct LinkedModel {
        /// `AZUREML_MODEL_DIR`
        let folder: URL
        /// The model's own file or folder, by its registered name.
        let path: URL
    }

    /// Scripts find the folder or file under the name it was registered from: `AZUREML_MODEL_DIR/<name>`.
    private static func link(_ model: DeploymentParts.Model, below models: URL) throws -> LinkedModel {
        let folder = models.appendingPathComponent(model.asset.name).appendingPathComponent(model.asset.version)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent(model.place.lastPathComponent)
        try FileTree.link(model.place, to: path)
        return LinkedModel(folder: folder, path: path)
    }

    // MARK: - The launch

    private func assembled(
        _ deployment: OnlineDeployment, _ parts: DeploymentParts, _ model: LinkedModel?, _ id: DeploymentID,
        _ folder: GenerationFolder, _ log: LineLog
    ) async throws -> ReplicaLaunch {
        var plan: JSON = ["endpoint": .string(id.endpoint), "deployment": .string(id.name)]
        if let model, let type = parts.model?.type {
            plan["model"] = [
                "folder": .string(model.folder.path), "path": .string(model.path.path), "type": .string(type),
                "name": .string(parts.model?.asset.name ?? ""), "version": .string(parts.model?.asset.version ?? ""),
            ]
        }
        let cores = parts.size.map { Double($0.cores) }
        var launch = ReplicaLaunch(
            executable: settings.executable, arguments: [], environment: [:], workingDirectory: folder.code.path,
            plan: plan, memoryBytes: parts.size?.memoryBytes, cores: cores,
            readOnly: model.map { [$0.folder.path] } ?? []
        )
        var variables = Self.variables(deployment, model, id)
        if let cores { variables["OMP_NUM_THREADS"] = "\(max(1, Int(cores) / deployment.workersPerInstance))" }
        switch parts.host {
        case .native(let libraries):
            try await completeNative(&launch, libraries, log)
        case .script(let script):
            launch.plan["kind"] = "script"
            launch.plan["script"] = ["folder": .string(folder.code.path), "file": .string(script)]
            variables["AZUREML_ENTRY_SCRIPT"] = script
            try await completePython(&launch, &variables, parts, folder, log)
        case .mlflow:
            launch.plan["kind"] = "mlflow"
            try await completePython(&launch, &variables, parts, folder, log)
        }
        launch.environment = variables.merging(deployment.variables) { $1 }
        return launch
    }

    private func completeNative(_ launch: inout ReplicaLaunch, _ libraries: [String], _ log: LineLog) async throws {
        launch.arguments = ["child", "score"]
        launch.plan["kind"] = "native"
        var folders = JSONObject()
        for name in libraries {
            log.append("Library \(name)")
            folders[name] = .string(try await settings.library(name))
        }
        launch.plan["libraries"] = .object(folders)
        // Nothing that is read needs protection from our own program.
        launch.readOnly = []
    }

    private func completePython(
        _ launch: inout ReplicaLaunch, _ variables: inout [String: String], _ parts: DeploymentParts,
        _ folder: GenerationFolder, _ log: LineLog
    ) async throws {
        let asset = try parts.environment ?? ModelEnvironment.asset(of: parts.model)
        log.append("Environment \(asset.name)")
        let environment = try await settings.environment(asset) { log.append($0) }
        for notice in asset.notices + environment.notices { log.append(notice) }
        launch.executable = environment.binFolder + "/python"
        launch.arguments = [try settings.worker().path]
        variables["PATH"] = environment.binFolder + ":" + (variables["PATH"] ?? "")
        variables.merge(environment.variables) { $1 }
    }

    // MARK: - Variables

    private static func variables(
        _ deployment: OnlineDeployment, _ model: LinkedModel?, _ id: DeploymentID
    ) -> [String: String] {
        var variables = ProgramVariables.base(programsIn: [])
        variables["AZUREML_MODEL_DIR"] = model?.folder.path
        variables["AZUREML_ENDPOINT_NAME"] = id.endpoint
        variables["AZUREML_DEPLOYMENT_NAME"] = id.name
        return variables
    }
}

extension DeploymentParts.HostKind {
    var isNative: Bool { if case .native = self { true } else { false } }
}

/// Trees of files that share their content with others.
enum FileTree {
    /// Makes `target` the same tree as `source`, of hard links where the file system allows it and copies elsewhere:
    /// scripts that walk a folder do not follow symbolic links.
    static func link(_ source: URL, to target: URL) throws {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: source.path, isDirectory: &isFolder) else {
            throw ServiceError(.notFound, "There is nothing at \(source.path) any more.")
        }
        guard isFolder.boolValue else { return try linkFile(source, to: target) }
        try files.createDirectory(at: target, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: source.path) {
            try link(source.appendingPathComponent(name), to: target.appendingPathComponent(name))
        }
    }

    private static func linkFile(_ source: URL, to target: URL) throws {
        if Foundation.link(source.path, target.path) == 0 { return }
        try FileManager.default.copyItem(at: source, to: target)
    }
}

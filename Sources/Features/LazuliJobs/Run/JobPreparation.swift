import Foundation
import LazuliDomain
import LazuliProcesses
import LazuliResources

/// Makes everything ready that a job's processes need, and says how they are to be run.
struct JobPreparation: Sendable {
    let staging: JobStaging
    let code: CodeStaging
    let assets: any AssetCatalog
    let settings: JobSettings

    /// - Returns: the supervisor's plan, and the job's limits in words.
    func plan(
        _ job: JobRecord, _ properties: JSON, _ kind: (any JobKind)?, _ size: VMSize?, _ folder: JobFolder
    ) async throws -> (SupervisorPlan, limits: String) {
        try folder.prepare()
        if let kind { return try await plan(job, properties, of: kind, size, folder) }
        let request = CommandJob(name: job.name, properties: properties)
        let asset = try await assets.resolve(request.environmentID, kind: .environments, in: job.scope)
        let environment = try await readyEnvironment(asset, folder)
        if let codeID = request.codeID { try await code.stage(codeID, in: job.scope, to: folder.work) }
        try folder.linkArtifactFolders()
        let ports = try await staging.stagePorts(request, name: job.name, in: job.scope, folder)
        let variables = try await JobVariables(settings: settings).variables(
            for: request, job, ports, environment, cores: size?.cores, folder)
        try sayNotices(asset.notices + environment.notices, folder)
        let command = try CommandExpression(values: ports.values).filled(request.command)
        return plan(request, size, command, variables, ports, folder)
    }

    private func readyEnvironment(_ asset: ResolvedAsset, _ folder: JobFolder) async throws -> ReadyEnvironment {
        let log = LineLog(folder.log(JobFolder.environmentLog))
        return try await settings.environment(asset) { log.append($0) }
    }

    /// What was changed for the job's sake stands at the head of its log, where no one misses it.
    private func sayNotices(_ notices: [String], _ folder: JobFolder) throws {
        guard !notices.isEmpty else { return }
        let log = LineLog(folder.log(JobFolder.userLog))
        for notice in notices { log.append("[lazuli] \(notice)") }
    }

    private func plan(
        _ request: CommandJob, _ size: VMSize?, _ command: String, _ variables: [String: String],
        _ ports: JobStaging.Ports, _ folder: JobFolder
    ) -> (SupervisorPlan, limits: String) {
        let distribution = Distribution(request.distribution, nodes: request.instanceCount)
        let port = distribution.processCount > 1 ? Int.random(in: 20_000..<60_000) : 0
        let processes = (0..<distribution.processCount).map { rank in
            SupervisorPlan.Command(
                arguments: ["/bin/bash", "-c", command],
                environment: variables.merging(distribution.variables(process: rank, port: port)) { $1 },
                workingDirectory: folder.work.path, logPath: folder.log(JobFolder.log(process: rank)).path)
        }
        // A file output is written into the folder it lies in.
        let outputs = request.outputs.compactMap { name, output in
            output.type == "uri_file"
                ? ports.outputPlaces[name]?.deletingLastPathComponent() : ports.outputPlaces[name]
        }
        let files = SupervisorPlan.Files(
            readOnly: ports.readOnly.map(\.path), writable: ([folder.artifacts] + outputs).map(\.path))
        let (limits, words) = Self.limits(of: size, nodes: request.instanceCount, timeout: request.timeoutSeconds)
        return (SupervisorPlan(processes: processes, limits: limits, files: files), words)
    }

    // MARK: - Other kinds

    private func plan(
        _ job: JobRecord, _ properties: JSON, of kind: any JobKind, _ size: VMSize?, _ folder: JobFolder
    ) async throws -> (SupervisorPlan, limits: String) {
        var inputs: [String: URL] = [:]
        for (name, input) in kind.inputs(of: properties) {
            inputs[name] = try await staging.place(input, named: name, in: job.scope, folder)
        }
        let node = JobNode(inputs: inputs, cores: size?.cores, memoryBytes: size?.memoryBytes)
        let program = try await kind.program(for: job.running(properties, folder), on: node)
        try sayNotices(program.notices, folder)
        let command = SupervisorPlan.Command(
            arguments: program.arguments, environment: program.environment, workingDirectory: folder.work.path,
            logPath: folder.log(JobFolder.userLog).path)
        let (limits, words) = Self.limits(of: size, nodes: 1, timeout: program.timeout)
        let files = SupervisorPlan.Files(
            readOnly: inputs.values.map(\.path).sorted(), writable: [folder.artifacts.path])
        return (SupervisorPlan(processes: [command], limits: limits, files: files), words)
    }

    // MARK: - Limits

    private static func limits(
        of size: VMSize?, nodes: Int, timeout: Double?
    ) -> (SupervisorPlan.Limits, words: String) {
        var limits = SupervisorPlan.Limits()
        limits.timeoutSeconds = timeout
        guard let size else { return (limits, "none: the job may use the whole machine") }
        limits.memoryBytes = size.memoryBytes * Int64(nodes)
        limits.processorCores = Double(size.cores * nodes)
        return (limits, "\(size.name): \(size.cores) cores and \(size.memoryGiB) GiB a node")
    }
}

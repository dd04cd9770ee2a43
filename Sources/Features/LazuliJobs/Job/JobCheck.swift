import LazuliDomain
import LazuliResources

/// Checks a command job's names before it takes a place in the queue: every one that leads nowhere is reported.
struct JobCheck: Sendable {
    let computes: ComputeLookup
    let assets: any AssetCatalog
    let locator: DataLocator

    /// Checks a command job.
    /// - Returns: its environment.
    func run(_ job: CommandJob, in scope: WorkspaceScope) async throws -> ResolvedAsset {
        var problems: [ServiceError] = []
        let environment = await attempt("$.properties.environmentId", &problems) {
            try await assets.resolve(job.environmentID, kind: .environments, in: scope)
        }
        if let code = job.codeID {
            _ = await attempt("$.properties.codeId", &problems) {
                try await assets.resolve(code, kind: .codes, in: scope)
            }
        }
        let inputs = job.inputs.compactMap { name, input in
            input.uri.map {
                JobData(type: input.type, uri: $0, mode: input.mode, path: "$.properties.inputs.\(name).uri")
            }
        }
        await checkPlaces(job, inputs, scope, &problems)
        _ = await attempt("$.properties.command", &problems) { try Self.checkExpressions(job) }
        _ = await attempt("$.properties.distribution", &problems) { try Distribution.check(job.distribution) }
        if !(1...Distribution.most).contains(job.instanceCount) {
            problems.append(
                ServiceError(
                    .invalidArgument,
                    "instanceCount is \(job.instanceCount); it must be between 1 and \(Distribution.most).",
                    target: "$.properties.resources.instanceCount"))
        }
        if let error = ServiceError.collecting(problems, in: "The job") { throw error }
        guard let environment else { throw ServiceError(.internalError, "The job's check found nothing.") }
        return environment
    }

    /// Checks a job of another kind: where it is to run, what it reads and where it writes.
    func run(_ job: CommandJob, reading inputs: [(name: String, input: JobData)], in scope: WorkspaceScope) async throws
    {
        var problems: [ServiceError] = []
        await checkPlaces(job, inputs.map(\.input), scope, &problems)
        if let error = ServiceError.collecting(problems, in: "The job") { throw error }
    }

    private func checkPlaces(
        _ job: CommandJob, _ inputs: [JobData], _ scope: WorkspaceScope, _ problems: inout [ServiceError]
    ) async {
        _ = await attempt("$.properties.computeId", &problems) { try await self.target(of: job, in: scope) }
        for input in inputs {
            _ = await attempt(input.path, &problems) {
                try await locator.place(of: input.uri, kind: Self.assetKind(input.type), in: scope)
            }
        }
        for (name, output) in job.outputs {
            _ = await attempt("$.properties.outputs.\(name).uri", &problems) {
                try await locator.place(of: output.uri ?? "", kind: .data, in: scope)
            }
        }
    }

    static func assetKind(_ type: String) -> AssetKind { type.hasSuffix("_model") ? .models : .data }

    private func target(of job: CommandJob, in scope: WorkspaceScope) async throws -> ComputeTarget {
        guard let name = job.computeName else {
            if let size = job.instanceType { return .serverless(size: try VMSize.named(size).name) }
            return .serverless(size: nil)
        }
        let target = try await computes.target(name, in: scope)
        if case .cluster(_, let maximum, _) = target.kind, job.instanceCount > maximum {
            throw ServiceError(
                .invalidArgument,
                "The job asks for \(job.instanceCount) nodes; cluster \"\(name)\" has at most \(maximum).", target: name
            )
        }
        return target
    }

    /// Fills the command with stand-ins, to find the names that nothing will fill.
    private static func checkExpressions(_ job: CommandJob) throws {
        var values = ["name": "x"]
        for (name, _) in job.inputs { values["inputs.\(name)"] = "x" }
        for (name, _) in job.outputs { values["outputs.\(name)"] = "x" }
        _ = try CommandExpression(values: values).filled(job.command)
    }

    private func attempt<Value: Sendable>(
        _ path: String, _ problems: inout [ServiceError], _ body: () async throws -> Value
    ) async -> Value? {
        do {
            return try await body()
        } catch let error as ServiceError {
            let message = "\(path): \(error.message)"
            // A name in a body that leads nowhere is the body's fault: the job itself is not what is missing.
            let code: ServiceError.Code = error.code == .notFound ? .invalidArgument : error.code
            problems.append(ServiceError(code, message, target: path, details: error.details))
        } catch {
            problems.append(ServiceError(.internalError, "\(path): \(error)", target: path))
        }
        return nil
    }
}

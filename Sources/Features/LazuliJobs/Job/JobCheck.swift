import LazuliDomain
import LazuliResources

/// Checks a command job's names before it takes a place in the queue: every one that leads nowhere is reported.
struct JobCheck: Sendable {
    let computes: ComputeLookup
    let assets: any AssetCatalog
    let locator: DataLocator

    /// What the check found out on the way.
    struct Finding: Sendable {
        var environment: ResolvedAsset
        var target: ComputeTarget
    }

    func run(_ job: CommandJob, in scope: WorkspaceScope) async throws -> Finding {
        var problems: [ServiceError] = []
        let environment = await attempt("$.properties.environmentId", &problems) {
            try await assets.resolve(job.environmentID, kind: .environments, in: scope)
        }
        let target = await attempt("$.properties.computeId", &problems) { try await self.target(of: job, in: scope) }
        if let code = job.codeID {
            _ = await attempt("$.properties.codeId", &problems) {
                try await assets.resolve(code, kind: .codes, in: scope)
            }
        }
        for (name, input) in job.inputs where input.uri != nil {
            _ = await attempt("$.properties.inputs.\(name).uri", &problems) {
                try await locator.place(of: input.uri ?? "", kind: Self.assetKind(input.type), in: scope)
            }
        }
        for (name, output) in job.outputs {
            _ = await attempt("$.properties.outputs.\(name).uri", &problems) {
                try await locator.place(of: output.uri ?? "", kind: .data, in: scope)
            }
        }
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
        guard let environment, let target else { throw ServiceError(.internalError, "The job's check found nothing.") }
        return Finding(environment: environment, target: target)
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

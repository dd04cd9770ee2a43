import Foundation
import LazuliDomain
import LazuliResources

/// Finds the parts of a deployment, and says all at once what is missing or contradicts itself.
struct DeploymentCheck: Sendable {
    let assets: any AssetCatalog
    let locator: DataLocator
    let native: @Sendable (URL, String) throws -> NativeFinding

    /// - Throws: one error with every problem as a detail.
    func parts(of deployment: OnlineDeployment, in scope: WorkspaceScope) async throws -> DeploymentParts {
        var problems: [ServiceError] = []
        let model = await found("model", &problems) { try await self.model(deployment.model, scope) }
        let code = await found("codeConfiguration.codeId", &problems) { try await self.code(deployment.code, scope) }
        let environment = await found("environmentId", &problems) {
            try await self.asset(deployment.environment, .environments, scope)
        }
        let size = await found("instanceType", &problems) { try deployment.instanceType.map(VMSize.named) }
        problems += Self.settingProblems(deployment)
        let isMissing = deployment.model != nil && model == nil || deployment.code != nil && code == nil
        let host = isMissing ? nil : self.host(deployment, model, environment, &problems)
        if let error = ServiceError.collecting(problems, in: "The deployment") { throw error }
        return DeploymentParts(
            model: model, code: code, environment: environment, size: size, host: host ?? .mlflow)
    }

    /// What the look-up finds; its error becomes one of the problems.
    private func found<Value>(
        _ member: String, _ problems: inout [ServiceError], _ find: () async throws -> Value?
    ) async -> Value? {
        do {
            return try await find()
        } catch let error as ServiceError {
            problems.append(
                ServiceError(
                    error.code == .internalError ? .internalError : .invalidArgument, error.message,
                    target: "$.properties.\(member)"))
        } catch {
            problems.append(ServiceError(.internalError, "\(error)", target: "$.properties.\(member)"))
        }
        return nil
    }

    // MARK: - Parts

    private func asset(_ reference: String?, _ kind: AssetKind, _ scope: WorkspaceScope) async throws
        -> ResolvedAsset?
    {
        guard let reference else { return nil }
        return try await assets.resolve(reference, kind: kind, in: scope)
    }

    private func model(_ reference: String?, _ scope: WorkspaceScope) async throws -> DeploymentParts.Model? {
        guard let asset = try await asset(reference, .models, scope) else { return nil }
        let address = asset.properties["modelUri"].string ?? ""
        guard case .here(let place) = try await locator.place(of: address, kind: .models, in: scope) else {
            throw ServiceError(
                .invalidArgument,
                "The files of model \(asset.name):\(asset.version) lie at \(address), which is not on this server.")
        }
        guard FileManager.default.fileExists(atPath: place.path) else {
            throw ServiceError(
                .notFound,
                "Model \(asset.name):\(asset.version) has no files at \(address). Register it again from files that exist."
            )
        }
        let type = asset.properties["modelType"].string ?? "custom_model"
        let isMLflow = FileManager.default.fileExists(atPath: place.appendingPathComponent("MLmodel").path)
        if type == "mlflow_model", !isMLflow {
            throw ServiceError(
                .invalidArgument,
                "Model \(asset.name):\(asset.version) is registered as mlflow_model and its folder has no MLmodel file. "
                    + "Register the folder that holds MLmodel, or register it as custom_model and add a scoring script."
            )
        }
        return DeploymentParts.Model(asset: asset, place: place, type: type)
    }

    private func code(_ code: OnlineDeployment.Code?, _ scope: WorkspaceScope) async throws -> ResolvedAsset? {
        guard let code else { return nil }
        let asset = try await assets.resolve(code.id, kind: .codes, in: scope)
        let address = asset.properties["codeUri"].string ?? ""
        guard case .here(let folder) = try await locator.place(of: address, kind: .data, in: scope) else {
            throw ServiceError(.invalidArgument, "The code lies at \(address), which is not on this server.")
        }
        let script = try DataLocator.inside(folder, code.script)
        guard FileManager.default.fileExists(atPath: script.path) else {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            throw ServiceError(
                .invalidArgument,
                "scoring_script \"\(code.script)\" is not in the code folder."
                    + NearestName.hint(code.script, among: files)
                    + " The path is relative to the folder given as `code`.")
        }
        return asset
    }

    // MARK: - The host

    private func host(
        _ deployment: OnlineDeployment, _ model: DeploymentParts.Model?, _ environment: ResolvedAsset?,
        _ problems: inout [ServiceError]
    ) -> DeploymentParts.HostKind? {
        if let code = deployment.code {
            if environment == nil, deployment.environment == nil, model?.type != "mlflow_model" {
                problems.append(Self.missing("environmentId", "a scoring script needs an `environment` to run in"))
            }
            return .script(code.script)
        }
        guard let model else {
            problems.append(
                Self.missing("model", "there is neither a `model` nor a `code_configuration`: nothing can be served"))
            return nil
        }
        return unscripted(model, deployment, &problems)
    }

    /// A model that comes without a script.
    private func unscripted(
        _ model: DeploymentParts.Model, _ deployment: OnlineDeployment, _ problems: inout [ServiceError]
    ) -> DeploymentParts.HostKind? {
        let wantsPython = deployment.variables["LAZULI_HOST"]?.lowercased() == "python"
        do {
            switch try native(model.place, model.type) {
            case .serves(let libraries) where !(wantsPython && model.type == "mlflow_model"):
                return .native(libraries: libraries)
            case .serves: return mlflow(model, deployment, &problems)
            case .needsPython(let reason):
                if model.type == "mlflow_model" { return mlflow(model, deployment, &problems) }
                problems.append(
                    Self.missing(
                        "codeConfiguration",
                        "a \(model.type) needs `code_configuration` with a scoring script and an `environment` (\(reason))"
                    ))
            }
        } catch let error as ServiceError {
            problems.append(ServiceError(.invalidArgument, error.message, target: "$.properties.model"))
        } catch {
            problems.append(ServiceError(.internalError, "\(error)", target: "$.properties.model"))
        }
        return nil
    }

    /// An MLflow model that Python serves says itself what it needs, or the deployment does.
    private func mlflow(
        _ model: DeploymentParts.Model, _ deployment: OnlineDeployment, _ problems: inout [ServiceError]
    ) -> DeploymentParts.HostKind {
        if deployment.environment == nil, ModelEnvironment.file(in: model.place) == nil {
            problems.append(
                Self.missing(
                    "environmentId",
                    "the MLflow model has neither \(ModelEnvironment.names.joined(separator: " nor ")): "
                        + "give the deployment an `environment`"))
        }
        return .mlflow
    }

    private static func missing(_ member: String, _ sentence: String) -> ServiceError {
        ServiceError(
            .invalidArgument, "\(sentence.prefix(1).uppercased() + sentence.dropFirst()).",
            target: "$.properties.\(member)")
    }

    // MARK: - Settings

    private static func settingProblems(_ deployment: OnlineDeployment) -> [ServiceError] {
        var problems: [ServiceError] = []
        func require(_ isFine: Bool, _ sentence: String, _ target: String) {
            if !isFine { problems.append(ServiceError(.invalidArgument, sentence, target: target)) }
        }
        let requests = deployment.requests
        require(
            (1...1000).contains(deployment.instanceCount) || deployment.scaling != .fixed,
            "instance_count must be between 1 and 1000, not \(deployment.instanceCount).", "$.sku.capacity")
        require(
            requests.timeout > 0, "request_timeout_ms must be above 0.", "$.properties.requestSettings.requestTimeout")
        require(
            requests.queueWait >= 0, "max_queue_wait_ms cannot be below 0.",
            "$.properties.requestSettings.maxQueueWait")
        require(
            requests.concurrency >= 1, "max_concurrent_requests_per_instance must be at least 1.",
            "$.properties.requestSettings.maxConcurrentRequestsPerInstance")
        if case .target(let target) = deployment.scaling {
            require(
                0 <= target.least && target.least <= target.most && target.most >= 1,
                "min_instances (\(target.least)) and max_instances (\(target.most)) contradict each other: "
                    + "0 <= min <= max and max >= 1.", "$.properties.scaleSettings")
            require(
                (0.01...1).contains(target.utilization), "target_utilization_percentage must be between 1 and 100.",
                "$.properties.scaleSettings.targetUtilizationPercentage")
        }
        return problems
    }
}
